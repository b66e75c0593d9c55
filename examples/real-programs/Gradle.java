import java.io.File;
import java.util.List;
import org.gradle.api.Project;
import org.gradle.api.Task;
import org.gradle.api.distribution.DistributionContainer;
import org.gradle.api.plugins.JavaApplication;
import org.gradle.api.publish.PublishingExtension;
import org.gradle.api.publish.maven.MavenPublication;
import org.gradle.jvm.tasks.Jar;
import org.gradle.testfixtures.ProjectBuilder;

/**
 * Copies a directory by Gradle, as a Copy task, installDist and publishing to a directory do.
 *
 * <pre>
 * java Gradle SOURCE TARGET HOME
 * </pre>
 */
final class Gradle {
  private Gradle() {}

  public static void main(String... args) {
    int status = 1;
    try {
      copy(new File(args[0]), new File(args[1]), new File(args[2]));
      status = 0;
    } catch (RuntimeException e) {
      e.printStackTrace();
    }
    // Gradle's own threads would go on.
    System.exit(status);
  }

  private static void copy(File source, File target, File home) {
    Project project =
        ProjectBuilder.builder()
            .withName("copies")
            .withProjectDir(target)
            .withGradleUserHomeDir(home)
            .build();
    project.setGroup("example");
    project.setVersion("1");
    project.getPluginManager().apply("application");
    project.getPluginManager().apply("maven-publish");
    project.getTasks().withType(Jar.class, jar -> jar.setPreserveFileTimestamps(false));
    project.getExtensions().getByType(JavaApplication.class).getMainClass().set("Main");
    project
        .getExtensions()
        .getByType(DistributionContainer.class)
        .getByName("main")
        .contents(all -> all.from(source));
    PublishingExtension publishing = project.getExtensions().getByType(PublishingExtension.class);
    publishing.repositories(to -> to.maven(one -> one.setUrl(new File(target, "published"))));
    publishing.publications(
        all ->
            all.create(
                "it",
                MavenPublication.class,
                it -> {
                  for (String name : List.of("large-0", "large-1", "large-2", "large-3")) {
                    it.artifact(new File(source, name), one -> one.setClassifier(name));
                  }
                }));
    project.copy(copy -> copy.from(source).into(new File(target, "copied")));
    for (String name :
        List.of(
            "jar",
            "startScripts",
            "installDist",
            "generatePomFileForItPublication",
            "publishItPublicationToMavenRepository")) {
      Task task = project.getTasks().getByName(name);
      task.getOutputs().getFiles().forEach(file -> file.getParentFile().mkdirs());
      task.getActions().forEach(action -> action.execute(task));
    }
  }
}
