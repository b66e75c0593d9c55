import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Copies files, some in each partition, and adds up in a shuffle what was copied. */
public final class SparkJob {
  public static void main(String... arguments) throws Exception {
    Path in = Path.of(arguments[0]);
    String out = Files.createDirectories(Path.of(arguments[1])).toString();
    List<String> files;
    try (Stream<Path> all = Files.list(in)) {
      files = all.map(Path::toString).sorted().toList();
    }
    try (JavaSparkContext context = new JavaSparkContext(new SparkConf())) {
      var copied =
          context
              .parallelize(files, 8)
              .mapToPair(
                  file -> {
                    Path source = Path.of(file);
                    Path target = Path.of(out).resolve(source.getFileName());
                    Files.copy(source, target);
                    return new Tuple2<>(Math.floorMod(file.hashCode(), 3), Files.size(target));
                  })
              .reduceByKey(Long::sum)
              .collectAsMap();
      System.out.println(new TreeMap<>(copied));
    }
  }
}
