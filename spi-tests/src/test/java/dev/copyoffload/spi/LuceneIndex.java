package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * Writes, merges, adds, copies and searches indexes by Lucene and prints what it found, with the
 * digest of every file, by memory mapping and by channels: {@code DIRECTORY}.
 */
final class LuceneIndex {
  private static final int DOCUMENTS = 600;

  private static final int PAYLOAD = 3_000;

  /** Smaller than the files, so that each has several mappings. */
  private static final long MAPPING = 1 << 20;

  private final boolean mapped;
  private final Path root;

  private LuceneIndex(boolean mapped, Path root) {
    this.mapped = mapped;
    this.root = root;
  }

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    ProgramStart.announce(Files.createFile(root.resolve("any")));
    for (boolean mapped : new boolean[] {true, false}) {
      String name = mapped ? "mapped" : "by channels";
      System.out.println(name);
      new LuceneIndex(mapped, Files.createDirectory(root.resolve(name))).run();
    }
  }

  private void run() throws IOException {
    try (Directory written = directory("written");
        Directory added = directory("added");
        Directory copied = directory("copied")) {
      write(written);
      show("written", written);
      try (IndexWriter writer = new IndexWriter(written, config())) {
        writer.forceMerge(1);
      }
      show("merged", written);
      try (IndexWriter writer = new IndexWriter(added, config())) {
        writer.addDocument(document(DOCUMENTS + 1));
        writer.addIndexes(written);
        writer.deleteDocuments(new Term("id", Integer.toString(DOCUMENTS + 1)));
        writer.forceMerge(1);
      }
      show("added", added);
      for (String name : files(written)) {
        copied.copyFrom(written, name, name, IOContext.DEFAULT);
      }
      copied.sync(Arrays.asList(files(written)));
      show("copied", copied);
      try (Directory saved = directory("saved")) {
        save(written);
        show("saved", saved);
      }
    }
  }

  private FSDirectory directory(String name) throws IOException {
    Path path = root.resolve(name);
    return mapped ? new MMapDirectory(path, MAPPING) : new NIOFSDirectory(path);
  }

  private static IndexWriterConfig config() {
    // By number of documents and in one thread: the same files each time.
    return new IndexWriterConfig(new StandardAnalyzer())
        .setMergeScheduler(new SerialMergeScheduler())
        .setMaxBufferedDocs(100)
        .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
  }

  private static void write(Directory directory) throws IOException {
    try (IndexWriter writer = new IndexWriter(directory, config())) {
      for (int i = 0; i < DOCUMENTS; i++) {
        writer.addDocument(document(i));
      }
      writer.commit();
      for (int i = 7; i < DOCUMENTS; i += 100) {
        writer.updateDocument(new Term("id", Integer.toString(i)), document(i));
      }
      for (int i = 3; i < DOCUMENTS; i += 10) {
        writer.deleteDocuments(new Term("id", Integer.toString(i)));
      }
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        search("uncommitted", reader);
      }
      refuseSecondWriter(directory);
    }
  }

  private static void refuseSecondWriter(Directory directory) throws IOException {
    try (IndexWriter second = new IndexWriter(directory, config())) {
      throw new IllegalStateException(second + " holds the lock of another writer");
    } catch (LockObtainFailedException e) {
      System.out.println("locked");
    }
  }

  private static Document document(int number) {
    byte[] payload = new byte[PAYLOAD];
    new Random(number).nextBytes(payload);
    String text = (number % 2 == 0 ? "even " : "odd ") + "w" + number % 7;
    Document document = new Document();
    document.add(new StringField("id", Integer.toString(number), Field.Store.YES));
    document.add(new TextField("text", text, Field.Store.YES));
    document.add(new IntPoint("number", number));
    document.add(new BinaryDocValuesField("values", new BytesRef(payload, 0, PAYLOAD / 10)));
    document.add(new StoredField("payload", payload));
    return document;
  }

  /** By what Lucene is not asked for: the JDK's copies and transfers. */
  private void save(Directory from) throws IOException {
    Path saved = root.resolve("saved");
    int road = 0;
    for (String name : files(from)) {
      Path source = root.resolve("written").resolve(name);
      Path target = saved.resolve(name);
      if (road % 3 == 0) {
        Files.copy(source, target);
      } else {
        try (FileChannel in = FileChannel.open(source);
            FileChannel out =
                FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          long size = in.size();
          long done = road % 3 == 1 ? in.transferTo(0, size, out) : out.transferFrom(in, 0, size);
          if (done != size) {
            throw new IOException(name + ": " + done + " of " + size);
          }
        }
      }
      road++;
    }
  }

  /** Names of the files of an index, without that of its lock. */
  private static String[] files(Directory directory) throws IOException {
    return Arrays.stream(directory.listAll())
        .filter(name -> !name.equals(IndexWriter.WRITE_LOCK_NAME))
        .toArray(String[]::new);
  }

  private static void show(String stage, Directory directory) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      search(stage, reader);
    }
    try (CheckIndex check = new CheckIndex(directory)) {
      check.setThreadCount(1);
      System.out.println(stage + (check.checkIndex().clean ? " is clean" : " is broken"));
    }
    Path path = ((FSDirectory) directory).getDirectory();
    for (String name : files(directory)) {
      // The description of a segment has the time of day in it.
      String contents = name.endsWith(".si") ? "" : ProgramStart.digest(path.resolve(name));
      System.out.println(stage + "/" + name + " " + contents);
    }
  }

  private static void search(String stage, IndexReader reader) throws IOException {
    IndexSearcher searcher = new IndexSearcher(reader);
    System.out.println(
        hits(
            stage,
            found(searcher, new MatchAllDocsQuery()),
            found(searcher, new PhraseQuery("text", "even", "w0")),
            found(searcher, IntPoint.newRangeQuery("number", 100, 199))));
  }

  /** How many documents matched: any, the phrase, the range. */
  static String hits(String stage, int any, int phrase, int range) {
    return stage + " has " + any + ", " + phrase + ", " + range;
  }

  /** Counts the matches, having read each of them. */
  private static int found(IndexSearcher searcher, Query query) throws IOException {
    ScoreDoc[] found = searcher.search(query, 2 * DOCUMENTS).scoreDocs;
    for (ScoreDoc one : found) {
      Document document = searcher.storedFields().document(one.doc);
      int number = Integer.parseInt(document.get("id"));
      BytesRef payload = document.getBinaryValue("payload");
      byte[] expected = document(number).getBinaryValue("payload").bytes;
      if (!payload.equals(new BytesRef(expected))) {
        throw new IOException(
            number + ": " + HexFormat.of().formatHex(payload.bytes, 0, payload.length));
      }
    }
    return found.length;
  }
}
