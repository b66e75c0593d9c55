import java.io.File;
import org.gradle.api.Project;
import org.gradle.testfixtures.ProjectBuilder;

/**
 * Copies a directory as a Copy task of Gradle's does.
 *
 * <pre>
 * java Gradle SOURCE TARGET HOME
 * </pre>
 */
final class Gradle {
  private Gradle() {}

  public static void main(String... args) {
    File target = new File(args[1]);
    Project project =
        ProjectBuilder.builder()
            .withProjectDir(target.getParentFile())
            .withGradleUserHomeDir(new File(args[2]))
            .build();
    project.copy(copy -> copy.from(args[0]).into(target));
  }
}
