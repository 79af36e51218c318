package io.millrace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shape of the library: flow order is dependency order, and storage has one door. */
class ArchitectureTest {

  private static final String ROOT = "io.millrace";

  /** Each package may import those before it, and the root. */
  private static final List<String> ORDER =
      List.of(
          "config",
          "stats",
          "table",
          "ingest",
          "erase",
          "validate",
          "label",
          "features",
          "model",
          "train",
          "evaluate",
          "promote",
          "score",
          "monitor",
          "release",
          "retain",
          "diff",
          "branch",
          "report");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
          .importPackages(ROOT);

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    Set<String> unknown = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String name = type.getPackageName();
      if (!name.equals(ROOT)
          && !ORDER.contains(name.substring(ROOT.length() + 1).split("\\.")[0])) {
        unknown.add(name);
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(CLASSES).isNotEmpty();
  }

  static Stream<Integer> positions() {
    return Stream.iterate(0, i -> i < ORDER.size() - 1, i -> i + 1);
  }

  @ParameterizedTest
  @MethodSource("positions")
  void aPackageImportsOnlyEarlierOnes(int position) {
    String[] later =
        ORDER.subList(position + 1, ORDER.size()).stream()
            .map(ArchitectureTest::within)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(within(ORDER.get(position)))
            .should()
            .dependOnClassesThat(resideInAnyPackage(later)));
  }

  @Test
  void theRootImportsNoPackage() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                ORDER.stream().map(ArchitectureTest::within).toArray(String[]::new)));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void specsStatisticsModelsAndGatesKnowNoSpark() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                within("config"),
                within("stats"),
                within("model"),
                within("promote"),
                within("report"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "io.delta.tables..", "scala.."));
  }

  @Test
  void onlyTableAndIngestReadAndWriteStorage() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(within("table"), within("ingest"))
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "org\\.apache\\.spark\\.sql\\.(.*\\.)?DataFrame(Reader|Writer(V2)?)"));
  }

  @Test
  void nothingEndsTheProcess() {
    check(
        noClasses()
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class));
  }

  @Test
  void nothingIsReadByJavaDeserialisation() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.io.ObjectInputStream.class));
  }

  @Test
  void jobsAreUnknownHere() {
    check(classes().should().resideOutsideOfPackage(ROOT + ".jobs.."));
  }

  private static String within(String name) {
    return ROOT + "." + name + "..";
  }

  /** A package that is still empty breaks no rule. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
