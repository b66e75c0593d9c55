import java.nio.file.Path;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Makes an index, and adds it to another.
 *
 * <pre>
 * java Index make TARGET
 * java Index add SOURCE TARGET
 * </pre>
 */
final class Index {
  private Index() {}

  public static void main(String... args) throws Exception {
    IndexWriterConfig config = new IndexWriterConfig(null).setMergePolicy(NoMergePolicy.INSTANCE);
    try (Directory target = FSDirectory.open(Path.of(args[args.length - 1]));
        IndexWriter writer = new IndexWriter(target, config)) {
      if (args[0].equals("add")) {
        try (Directory source = FSDirectory.open(Path.of(args[1]))) {
          writer.addIndexes(source);
        }
        return;
      }
      java.util.Random random = new java.util.Random(1);
      for (int i = 0; i < 200; i++) {
        byte[] content = new byte[50_000];
        random.nextBytes(content);
        Document document = new Document();
        document.add(new StoredField("content", content));
        writer.addDocument(document);
      }
    }
  }
}
