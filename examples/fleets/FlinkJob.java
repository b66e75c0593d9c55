import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Copies files in a cluster within this JVM, and adds up behind a shuffle what was copied. */
final class FlinkJob {
  public static void main(String... arguments) throws Exception {
    Path in = Path.of(arguments[0]);
    String out = Files.createDirectories(Path.of(arguments[1])).toString();
    List<String> files;
    try (Stream<Path> all = Files.list(in)) {
      files = all.map(Path::toString).sorted().toList();
    }
    var environment = StreamExecutionEnvironment.createLocalEnvironment(2);
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    var copied =
        environment
            .fromData(files)
            .rebalance()
            .map(
                file -> {
                  Path source = Path.of(file);
                  Path target = Path.of(out).resolve(source.getFileName());
                  Files.copy(source, target);
                  return Tuple2.of(Math.floorMod(file.hashCode(), 3), Files.size(target));
                })
            .returns(Types.TUPLE(Types.INT, Types.LONG))
            .keyBy(each -> each.f0)
            .sum(1)
            .executeAndCollect(100);
    copied.stream().map(Tuple2::toString).sorted().forEach(System.out::println);
  }
}
