package io.millrace.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets what the launcher tells of the terminal, for the whole process")
class ConsoleTest {

  private static final LocalDate DATE = LocalDate.of(2026, 1, 31);
  private static final Terminal TTY = new Terminal(OptionalInt.of(60), true, false);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aStageIsOnePlainLineInALog() {
    Console console = console(Terminal.NONE, Console.Format.TEXT);
    console.begin("ingest", "churn", DATE).done("wrote 3,712 rows to raw/customers");
    console.begin("features", "churn", DATE).alreadyDone();
    console.close();
    assertThat(text(out))
        .matches(
            "ingest    churn  2026-01-31  wrote 3,712 rows to raw/customers  \\d\\.\\d s\n"
                + "features  churn  2026-01-31  already done\n");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void theLiveLineIsDrawnOnATerminalAndTakenAway() {
    Console console = console(TTY, Console.Format.TEXT);
    try (StageLine line = console.begin("train", "churn", DATE)) {
      assertThat(text(err)).startsWith("\rtrain     churn  2026-01-31  0.0 s");
      line.rows(10);
    }
    console.close();
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).endsWith(" \r");
  }

  @Test
  void theLiveLineTellsRowsTasksAndWhatIsLeft() {
    Console console = console(TTY, Console.Format.TEXT);
    console.expect(3);
    console.begin("score", "churn", DATE).done("first");
    StageLine line = console.begin("score", "churn", DATE);
    line.rows(12_345);
    console.tasks(34, 200);
    assertThat(line.progress("4.0 s"))
        .matches(
            "score     churn  2026-01-31  12,345 rows, [\\d,]+/s  34 of 200 tasks  \\d\\.\\d s,"
                + " about 4.0 s left");
    console.close();
  }

  @Test
  void coloursAreUsedOnlyWhereWanted() {
    Terminal coloured = new Terminal(OptionalInt.of(80), false, true);
    console(coloured, Console.Format.TEXT).begin("train", "churn", DATE).done("version 1");
    assertThat(text(out)).startsWith("\u001b[32mtrain\u001b[0m     churn");
  }

  @Test
  void noColorAndDumbTerminalsAreObeyed() {
    System.setProperty("millrace.out.columns", "100");
    System.setProperty("millrace.err.columns", "none");
    try {
      assertThat(Terminal.detect(Map.of()))
          .isEqualTo(new Terminal(OptionalInt.of(100), false, true));
      assertThat(Terminal.detect(Map.of("NO_COLOR", "1")).colour()).isFalse();
      assertThat(Terminal.detect(Map.of("NO_COLOR", "")).colour()).isTrue();
      assertThat(Terminal.detect(Map.of("TERM", "dumb")).colour()).isFalse();
    } finally {
      System.clearProperty("millrace.out.columns");
      System.clearProperty("millrace.err.columns");
    }
    assertThat(Terminal.detect(Map.of())).isEqualTo(Terminal.NONE);
  }

  @Test
  void jsonIsOneObjectPerLine() {
    Console console = console(Terminal.NONE, Console.Format.JSON);
    StageLine line = console.begin("ingest", "churn", DATE);
    line.rows(7);
    line.done("wrote \"7\" rows");
    console.warn("careful");
    console.table(
        List.of("metric", "value"),
        List.of(Arrays.asList("auc", 0.8123456789), Arrays.asList("n", Double.NaN)));
    assertThat(text(out).lines().toList())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(
                        "{\"event\":\"stage\",\"stage\":\"ingest\",\"pipeline\":\"churn\","
                            + "\"date\":\"2026-01-31\",\"status\":\"done\",\"rows\":7,\"seconds\":")
                    .endsWith("\"message\":\"wrote \\\"7\\\" rows\"}"),
            second -> assertThat(second).isEqualTo("{\"metric\":\"auc\",\"value\":0.8123456789}"),
            third -> assertThat(third).isEqualTo("{\"metric\":\"n\",\"value\":null}"));
    assertThat(text(err)).isEqualTo("warning: careful\n");
  }

  @Test
  void tablesAlignNumbersToTheRight() {
    console(Terminal.NONE, Console.Format.TEXT)
        .table(
            List.of("metric", "rows", "value"),
            List.of(
                Arrays.asList("auc", 1054, 0.8431999999),
                Arrays.asList("accuracy", 9, null),
                Arrays.asList("profit\nper year", 12, 1234567.0)));
    assertThat(text(out))
        .isEqualTo(
            """
            metric           rows    value
            auc              1054   0.8432
            accuracy            9
            profit per year    12  1234570
            """);
  }

  @Test
  void nestedValuesAreJson() {
    console(Terminal.NONE, Console.Format.TEXT)
        .table(List.of("value"), List.of(List.of(List.of(Map.of("a", 1.5), List.of("b\nc")))));
    assertThat(text(out)).isEqualTo("value\n[{\"a\":1.5},[\"b\\nc\"]]\n");
  }

  @Test
  void tablesAreCutToTheTerminal() {
    console(new Terminal(OptionalInt.of(20), false, false), Console.Format.TEXT)
        .table(List.of("id", "message"), List.of(List.of(1, "a very long message indeed")));
    assertThat(text(out)).isEqualTo("id  message\n 1  a very long mes…\n");
  }

  @Test
  void afterAnInterruptionFaultsAreSilent() {
    Console console = console(Terminal.NONE, Console.Format.TEXT);
    console.interrupted();
    console.fault(1, "a bug: SparkContext was stopped");
    assertThat(text(err))
        .isEqualTo(
            "millrace: interrupted; what was committed stays, the same command again does the"
                + " rest\n");
  }

  @Test
  void eventsAreForMachinesAlone() {
    console(Terminal.NONE, Console.Format.TEXT).event("verdict", Map.of("retrain", true));
    assertThat(text(out)).isEmpty();
    console(Terminal.NONE, Console.Format.JSON).event("verdict", Map.of("retrain", true));
    assertThat(text(out)).isEqualTo("{\"event\":\"verdict\",\"retrain\":true}\n");
  }

  @Test
  void durationsReadAsAPersonSaysThem() {
    assertThat(List.of(0.04, 9.94, 9.96, 59.4, 61.0, 3720.0).stream().map(StageLine::duration))
        .containsExactly("0.0 s", "9.9 s", "10 s", "59 s", "1 min 1 s", "1 h 2 min");
  }

  private Console console(Terminal terminal, Console.Format format) {
    return new Console(
        terminal,
        format,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
