package dev.copyoffload.examples.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/** Ratios as pictures, in SVG. */
final class Charts {
  private static final int WIDTH = 860;
  private static final int BAR_HEIGHT = 11;
  private static final int AROUND = 90;
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  /** Told apart by those who cannot tell red from green, too (Okabe and Ito). */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xE69F00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x56B4E9),
          new Color(0xD55E00));

  private static final Set<String> LARGE = Set.of(Size.MIB_64.label(), Size.SPARSE_GIB_1.label());
  private static final Set<String> SMALL = Set.of(Size.EMPTY.label(), Size.KIB_4.label());

  private final Map<RowKey, Map<Column, Ratio>> ratios;
  private final Set<String> jdks;

  Charts(Results results) {
    ratios = results.ratios();
    jdks = results.machine().jdks().keySet();
  }

  /** The copies of new JVMs. */
  void writeNewJvms(Path file) throws IOException {
    writeBars("Copies of a new JVM", key -> key.call().startsWith(Work.COPIES), file);
  }

  /** Large files and trees in warm JVMs, within one file system. */
  void writeLarge(Path file) throws IOException {
    Predicate<RowKey> wanted =
        key -> LARGE.contains(key.size()) || key.call().equals(Call.TREE.label());
    Predicate<RowKey> within = key -> key.source().equals(key.target());
    writeBars("Large files, warm", wanted.and(within), file);
  }

  /** Bars on a logarithmic axis, with the agent. */
  private void writeBars(String title, Predicate<RowKey> wanted, Path file) throws IOException {
    List<RowKey> rows = rows(wanted);
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    for (RowKey key : rows) {
      for (String jdk : jdks) {
        Ratio ratio = ratio(key, new Column(jdk, Variant.AGENT.label()));
        if (ratio != null) {
          data.addValue(ratio.median(), "JDK " + jdk, key.toString());
        }
      }
    }
    // LogAxis draws its numbers as outlines, which makes the file four times as large.
    LogarithmicAxis axis = new LogarithmicAxis("times as fast as stock, with the agent");
    axis.setStrictValuesFlag(false);
    axis.setNumberFormatOverride(new DecimalFormat("#,##0.###"));
    BarRenderer renderer = new BarRenderer();
    renderer.setBase(1);
    renderer.setIncludeBaseInRange(true);
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0);
    CategoryAxis calls = new CategoryAxis();
    calls.setCategoryMargin(0.25);
    calls.setMaximumCategoryLabelWidthRatio(0.6f);
    calls.setTickLabelFont(TEXT);
    CategoryPlot plot = new CategoryPlot(data, calls, axis, renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.addRangeMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1)));
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    for (int i = 0; i < jdks.size(); i++) {
      renderer.setSeriesPaint(i, COLOURS.get(i % COLOURS.size()));
    }
    axis.setTickLabelFont(TEXT);
    axis.setLabelFont(TEXT);
    write(
        new JFreeChart(title, TITLE, plot, true),
        AROUND + rows.size() * (jdks.size() + 1) * BAR_HEIGHT,
        file);
  }

  /** Small files and calls that copy nothing, with every way in: around 1. */
  void writeSmall(Path file) throws IOException {
    List<RowKey> rows =
        rows(
            key ->
                SMALL.contains(key.size())
                    || (key.target().isEmpty() && !Startup.KEYS.contains(key)));
    XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    int columns = jdks.size() * Variant.OURS.size();
    int column = 0;
    for (String jdk : jdks) {
      for (Variant variant : Variant.OURS) {
        XYIntervalSeries series = new XYIntervalSeries("JDK " + jdk + " " + variant.label());
        for (int row = 0; row < rows.size(); row++) {
          Ratio ratio = ratio(rows.get(row), new Column(jdk, variant.label()));
          if (ratio != null) {
            double y = row + (column + 0.5) / columns * 0.7 - 0.35;
            series.add(ratio.median(), ratio.low(), ratio.high(), y, y, y);
          }
        }
        data.addSeries(series);
        column++;
      }
    }
    NumberAxis axis = new NumberAxis("times as fast as stock, with the interval");
    axis.setAutoRangeIncludesZero(false);
    axis.setTickLabelFont(TEXT);
    axis.setLabelFont(TEXT);
    SymbolAxis calls =
        new SymbolAxis("", rows.stream().map(RowKey::toString).toArray(String[]::new));
    calls.setTickLabelFont(TEXT);
    calls.setInverted(true);
    calls.setGridBandsVisible(false);
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawYError(false);
    for (int i = 0; i < columns; i++) {
      renderer.setSeriesPaint(i, COLOURS.get(i % COLOURS.size()));
      renderer.setSeriesShape(i, new Ellipse2D.Double(-3, -3, 6, 6));
    }
    XYPlot plot = new XYPlot(data, axis, calls, renderer);
    plot.addDomainMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1)));
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinesVisible(false);
    write(
        new JFreeChart("Small files, and calls that copy nothing", TITLE, plot, true),
        AROUND + rows.size() * (columns + 1) * BAR_HEIGHT * 2 / 3,
        file);
  }

  private List<RowKey> rows(Predicate<RowKey> wanted) {
    return ratios.keySet().stream().filter(wanted).toList();
  }

  private @Nullable Ratio ratio(RowKey key, Column column) {
    return ratios.getOrDefault(key, Map.of()).get(column);
  }

  private static void write(JFreeChart chart, int height, Path file) throws IOException {
    chart.setBackgroundPaint(Color.WHITE);
    SVGGraphics2D graphics = new SVGGraphics2D(emptyDocument());
    graphics.setSVGCanvasSize(new Dimension(WIDTH, height));
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
    try (Writer out = Files.newBufferedWriter(file)) {
      graphics.stream(out, true);
    }
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new AssertionError("every JDK has a default XML parser", e);
    }
  }
}
