package dev.copyoffload;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Each layer uses only those below it. */
class LayersTest {
  private static final String OURS = "dev.copyoffload";

  private static final List<String> LAYERS_FROM_THE_TOP =
      List.of(
          OURS + ".agent",
          OURS + ".weave..",
          OURS,
          OURS + ".tree",
          OURS + ".provider",
          OURS + ".transfer",
          OURS + ".file",
          OURS + ".observe",
          OURS + ".engine",
          OURS + ".linux");

  /** What the layers below must understand, and programs name. */
  private static final Set<String> SHARED_VOCABULARY =
      Set.of(
          OURS + ".OffloadCopyOption",
          OURS + ".CopyProgress",
          OURS + ".CopyProgress$Listener",
          OURS + ".TreeCopyOption",
          OURS + ".TreeCopyException",
          OURS + ".CopyStatistics",
          OURS + ".CopyOffloadMXBean");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(OURS);

  private static boolean isShared(JavaClass type) {
    return SHARED_VOCABULARY.contains(type.getBaseComponentType().getName());
  }

  @Test
  void testLayers() {
    List<String> above = new ArrayList<>();
    for (String layer : LAYERS_FROM_THE_TOP) {
      if (!above.isEmpty()) {
        noClasses()
            .that()
            .resideInAPackage(layer)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(above.toArray(String[]::new))
                    .and(
                        DescribedPredicate.describe(
                            "are no shared vocabulary", type -> !isShared(type))))
            .allowEmptyShould(true)
            .check(CLASSES);
      }
      above.add(layer);
    }
  }

  @Test
  void testSharedVocabulary_importsNothingOfOurs() {
    noClasses()
        .that(DescribedPredicate.describe("are shared vocabulary", LayersTest::isShared))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are ours and not shared",
                type -> type.getPackageName().startsWith(OURS) && !isShared(type)))
        .check(CLASSES);
  }

  /** Agents that trace put code into each such class that the application loader defines. */
  @Test
  void testAgent_hasNothingThatOtherAgentsTrace() {
    noClasses()
        .that()
        .resideInAPackage(OURS + ".agent..")
        .should()
        .beAssignableTo(
            assignableTo(Runnable.class)
                .or(assignableTo(Callable.class))
                .or(assignableTo(Executor.class))
                .or(assignableTo(Future.class)))
        .check(CLASSES);
  }

  @Test
  void testForwarding_importsNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage(OURS + ".provider.forward")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are ours but do not forward",
                type ->
                    type.getPackageName().startsWith(OURS)
                        && !type.getPackageName().equals(OURS + ".provider.forward")))
        .check(CLASSES);
  }

  @Test
  void testForwarding_usedByProviderOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + ".provider..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(OURS + ".provider.forward")
        .check(CLASSES);
  }

  @Test
  void testJna_seenByLinuxOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + ".linux..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(CLASSES);
  }
}
