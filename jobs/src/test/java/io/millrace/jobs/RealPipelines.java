package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.RealData;
import io.millrace.TestSpark;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.table.Lake;
import io.millrace.table.SmallTable;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;

/** A pipeline of {@code conf/} on public data, in a lake of its own. */
final class RealPipelines {

  /** Of data that know no time. */
  static final LocalDate DATE = LocalDate.parse("2026-01-01");

  private RealPipelines() {}

  /** A folder of public data; the test is passed over, with its name, where it isn't there. */
  static Path data(String name) {
    return RealData.at(name).getParent();
  }

  /** Opens a pipeline as a command does; what it says goes to the test's output. */
  static Work open(Path conf, String pipeline, Map<String, String> variables, Lake lake) {
    PipelineSpec spec =
        SpecReader.pipeline(
            conf.resolve(pipeline + ".yaml"), Variables.of(variables, Map.of()), Map.of());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Console console =
        new Console(Terminal.detect(Map.of("NO_COLOR", "1")), Console.Format.TEXT, out, out);
    return new Work(spec, "spec", lake, console);
  }

  /** Opens a pipeline of {@code conf/} on a folder of public data. */
  static Work open(String pipeline, String folder) {
    return open(pipeline, Map.of("data", data(folder).toString()));
  }

  static Work open(String pipeline, Map<String, String> variables) {
    Lake lake = Lake.open(TestSpark.temporary(pipeline).toString(), TestSpark::session);
    return open(Path.of("../conf"), pipeline, variables, lake);
  }

  /** What a trained and promoted model showed on the rows that were held out. */
  record Held(Work work, LocalDate date) {

    double challenger(String metric) {
      return figure(work, date, "challenger", metric);
    }

    double baseline(String metric) {
      return figure(work, date, "baseline", metric);
    }
  }

  static Held train(Work work, LocalDate date) {
    PromoteJob.Decision decision = new Chains(work).train(date);
    work.flush();
    assertThat(decision.reasons()).isEmpty();
    assertThat(decision.promoted()).isTrue();
    return new Held(work, date);
  }

  /** Scores and releases; each entity has one prediction of the date. */
  static void assertReleased(Work work, LocalDate date, long rows) {
    new Chains(work).score(date);
    work.flush();
    var predictions = work.lake().latest("predictions/" + work.name()).orElseThrow().read();
    assertThat(predictions.where("date = '" + date + "'").count()).isEqualTo(rows);
  }

  /** The figure over all held-out rows. */
  static double figure(Work work, LocalDate date, String role, String metric) {
    return new SmallTable(work.lake(), ResultTables.metrics())
        .rows(work.name()).stream()
            .filter(row -> date.equals(row.get("date")) && role.equals(row.get("role")))
            .filter(row -> metric.equals(row.get("metric")) && "".equals(row.get("slice_column")))
            .mapToDouble(row -> (Double) row.get("value"))
            .findFirst()
            .orElseThrow();
  }
}
