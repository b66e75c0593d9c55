import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.security.MessageDigest;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills several segments of a topic and reads them again. */
final class KafkaClient {
  private static final int RECORDS = 400;

  public static void main(String... none) throws Exception {
    Map<String, Object> server = Map.of("bootstrap.servers", "localhost:19092");
    try (Admin admin = Admin.create(server)) {
      // The records are of 1970: else they are deleted while they are read.
      NewTopic topic =
          new NewTopic("topic", 1, (short) 1)
              .configs(Map.of("segment.bytes", "1048576", "retention.ms", "-1"));
      admin.createTopics(List.of(topic)).all().get();
    }
    Random random = new Random(1);
    try (var producer =
        new KafkaProducer<>(server, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] value = new byte[20_000];
        random.nextBytes(value);
        // One at a time: what is sent together, and so the files, would be another each time.
        producer.send(new ProducerRecord<>("topic", 0, 1_000_000L + i, null, value)).get();
      }
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    int read = 0;
    try (var consumer =
        new KafkaConsumer<>(server, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = List.of(new TopicPartition("topic", 0));
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (read < RECORDS) {
        for (var each : consumer.poll(Duration.ofSeconds(10))) {
          digest.update(each.value());
          read++;
        }
      }
    }
    System.out.println(read + " " + HexFormat.of().formatHex(digest.digest()));
  }
}
