package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** The reference of the tables says what the code makes, and the queries of the pages work. */
class TablesTest {

  private static final Pattern BLOCK =
      Pattern.compile("(<!-- columns of (\\w+) -->\n).*?(<!-- end -->\n)", Pattern.DOTALL);

  private static final Pattern QUERY = Pattern.compile("bin/millrace sql \"([^\"]*)\"");

  private final TableReference reference = new TableReference(root().resolve("conf"));

  @Test
  void theColumnsAreThoseOfTheDefinitions() throws IOException {
    Path file = root().resolve("docs/tables.md");
    String text = Files.readString(file);
    List<String> told = new ArrayList<>();
    Map<String, List<TableReference.Form>> tables = reference.tables();
    String made =
        BLOCK
            .matcher(text)
            .replaceAll(
                block -> {
                  told.add(block.group(2));
                  return Matcher.quoteReplacement(
                      block.group(1)
                          + TableReference.markdown(tables.get(block.group(2)))
                          + block.group(3));
                });
    if (Boolean.getBoolean("millrace.write")) {
      Files.writeString(file, made);
    }

    assertThat(told).containsExactlyInAnyOrderElementsOf(tables.keySet());
    assertThat(Files.readString(file))
        .as(
            "the columns are made from the definitions; write them anew by"
                + " ./mvnw -pl jobs -am test -Dtest=TablesTest -Dmillrace.write=true"
                + " -Dsurefire.failIfNoSpecifiedTests=false")
        .isEqualTo(made);
  }

  @Test
  void everyColumnSaysWhatItMeans() {
    reference.tables().values().stream()
        .flatMap(List::stream)
        .flatMap(form -> List.of(form.definition().schema().fields()).stream())
        .forEach(field -> assertThat(field.getComment().isDefined()).as(field.name()).isTrue());
  }

  @Test
  void aViewHasTheColumnsOfItsTable() {
    SparkSession session = TestSpark.session().newSession();
    Map<String, StructType> tables = new TreeMap<>();
    reference.tables().values().stream()
        .flatMap(List::stream)
        .map(TableReference.Form::definition)
        .forEach(table -> tables.putIfAbsent(table.name(), table.schema()));
    LakeViews views = new LakeViews(tables.keySet(), tables::get);
    views.make(
        String.join(" ", views.names()),
        (view, table) ->
            session.createDataFrame(List.of(), tables.get(table)).createOrReplaceTempView(view),
        session::sql);

    assertThat(views.names()).contains("runs", "labels_bank", "champions").hasSizeGreaterThan(20);
    tables.forEach(
        (table, schema) ->
            assertThat(session.table(SqlVerb.view(table)).schema().simpleString())
                .as(table)
                .isEqualTo(schema.simpleString()));
    for (String view : views.names()) {
      assertThat(session.table(view).count()).as(view).isZero();
    }
  }

  @Test
  void everyQueryOfThePagesFitsTheTables() throws IOException {
    SparkSession session = TestSpark.session().newSession();
    reference
        .views("churn")
        .forEach(
            (name, schema) -> {
              session.createDataFrame(List.of(), schema).createOrReplaceTempView(name);
              session.createDataFrame(List.of(), schema).createOrReplaceTempView(name + "_log");
            });
    new LakeViews(List.of("promotions", "runs"), table -> null)
        .make("champions, last_runs", (view, table) -> {}, session::sql);
    List<String> queries = new ArrayList<>();
    for (String page : List.of("README.md", "docs/tables.md", "docs/analysts.md", "bin/demo")) {
      Matcher matcher = QUERY.matcher(Files.readString(root().resolve(page)));
      while (matcher.find()) {
        queries.add(matcher.group(1));
      }
    }

    assertThat(queries).hasSizeGreaterThan(8);
    for (String query : queries) {
      assertThatCode(() -> session.sql(query).schema()).as(query).doesNotThrowAnyException();
    }
  }

  /** The project's folder; tests run in that of their module. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("conf")) ? here : here.getParent();
  }
}
