package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the values of an answer are told. */
class SqlVerbTest {

  private static final String NESTED =
      "select array(named_struct('table', 'raw/x', 'version', 3L)) inputs,"
          + " map('k', array(1, null)) held, x'0AFF' bytes, array() none, date'2026-01-31' date";

  @TempDir private Path folder;

  @Test
  void nestedValuesKeepTheirNames() {
    assertThat(answer(NESTED, Console.Format.TEXT))
        .endsWith(
            "[{\"table\":\"raw/x\",\"version\":3}]  {\"k\":[1,null]}  0aff   []    2026-01-31\n");
  }

  @Test
  void asJsonTheyAreNestedToo() {
    assertThat(answer(NESTED, Console.Format.JSON))
        .isEqualTo(
            "{\"inputs\":[{\"table\":\"raw/x\",\"version\":3}],\"held\":{\"k\":[1,null]},"
                + "\"bytes\":\"0aff\",\"none\":[],\"date\":\"2026-01-31\"}\n");
  }

  /** As a full disk leaves them. */
  @Test
  void tablesWhoseFirstWriteWasKilledAreNone() throws IOException {
    TestSpark.session()
        .range(3)
        .write()
        .format("delta")
        .save(folder.resolve("raw/shop").toString());
    for (String name : List.of("labels/shop", "releases", "scored/shop")) {
      Files.createDirectories(folder.resolve(name).resolve("_delta_log"));
    }
    assertThat(answer("select count(*) n from raw_shop", Console.Format.JSON))
        .isEqualTo("{\"n\":3}\n");
    assertThatThrownBy(() -> answer("select * from labels_shop", Console.Format.JSON))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("labels_shop")
        .hasMessageEndingWith("\ntables: raw_shop");
  }

  private String answer(String query, Console.Format format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    try (Console console = new Console(Terminal.NONE, format, stream, stream)) {
      SqlVerb.run(query, Lake.open(folder.toString(), TestSpark::session), console);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
