package io.millrace.jobs;

import io.millrace.jobs.cli.Cli;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.jobs.session.LogFile;
import io.millrace.jobs.session.PlainLogging;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.xerial.snappy.OSInfo;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyLoader;

/**
 * Runs the commands of a pipeline's life on a few rows, in a folder that is taken away. The
 * launcher runs it once after a build to make the archive of classes with which later starts are
 * faster: what these commands load needs neither be read from jars nor be verified again.
 */
public final class Rehearsal {

  private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
  private static final int DAYS = 4;
  private static final String PIPELINE = "rehearsal";

  private static final String SPEC =
      """
      pipeline: rehearsal
      sources:
        rehearsed: {kind: csv, path: "${rehearsed_data}/visits-{date}.csv", key: [visit], time: day}
      entity: [visit]
      population: {source: rehearsed, per: event}
      label: {kind: column, column: bought, positive: "yes"}
      validate:
        rehearsed: [{check: in-range, column: pages, min: 0, max: 100, on-fail: quarantine}]
      features:
        columns: [pages, channel]
        expressions: {twice: pages * 2.5}
        windows: [{source: rehearsed, by: channel, over: [1d], aggregate: {"*": [count]}}]
      split: {kind: by-hash, train: 0.6, tune: 0.2, test: 0.2}
      train:
        algorithm: {kind: xgboost, rounds: 2, depth: 2}
        baseline: {kind: logistic}
      evaluate: {slices: [channel]}
      promote: {gates: [{gate: at-least, metric: auc, value: 0.0}]}
      """;

  private Rehearsal() {}

  /** Ends with the exit code of the first command that ends with another one than 0. */
  public static void main(String[] args) throws IOException {
    LogFile log = LogFile.open(System.getenv(), Clock.systemUTC());
    Path folder = Files.createTempDirectory("millrace-rehearsal-");
    try {
      prepare(folder);
      Driver.detect();
      // Commands that only look write their log so; see the launcher.
      new PlainLogging(folder.resolve("log"), Clock.systemUTC())
          .getLoggerFactory()
          .getLogger(PIPELINE)
          .warn("{} begins", PIPELINE);
      Console console = new Console(Terminal.NONE, Console.Format.TEXT, System.out, System.err);
      for (List<String> command : commands()) {
        List<String> line = new ArrayList<>(command);
        line.addAll(
            List.of("--conf", folder.toString(), "--lake", folder.resolve("lake").toString()));
        int code =
            new Cli(PipelineVerbs::new, console, log, Clock.systemUTC())
                .execute(line.toArray(String[]::new));
        if (code != 0) {
          throw new IllegalStateException(command + " ended with " + code);
        }
      }
      unpackSnappy(Path.of(System.getProperty(SnappyLoader.KEY_SNAPPY_LIB_PATH)));
    } finally {
      delete(folder);
    }
  }

  /**
   * Snappy would unpack its library in every process, compare the copy byte by byte and look for
   * its version in each jar. It gets its name when it is whole: another command may look for it.
   */
  private static void unpackSnappy(Path folder) throws IOException {
    String name = System.mapLibraryName("snappyjava");
    String system = OSInfo.getNativeLibFolderPathForCurrentOS();
    try (InputStream library = Snappy.class.getResourceAsStream("native/" + system + "/" + name)) {
      if (library != null) {
        Files.createDirectories(folder);
        Path draft = folder.resolve(name + ".draft");
        Files.copy(library, draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static List<List<String>> commands() {
    String from = FIRST.toString();
    String last = FIRST.plusDays(DAYS - 1).toString();
    String next = FIRST.plusDays(DAYS - 2).toString();
    return List.of(
        List.of("run", PIPELINE, "--date", next),
        List.of("backfill", PIPELINE, "--from", next, "--to", next),
        List.of("daily", PIPELINE, "--date", last),
        List.of("plan", PIPELINE, "--from", from, "--to", last),
        List.of("plan", PIPELINE, "--from", from, "--to", last, "--set", "evaluate.threshold=0.4"),
        List.of("models", PIPELINE),
        List.of("models", PIPELINE, "--horizon"),
        List.of("metrics", PIPELINE),
        List.of("runs", PIPELINE),
        List.of("check", PIPELINE),
        List.of("vacuum", "--dry-run"),
        List.of("sql", "select date, count(*) from predictions_rehearsal group by date"));
  }

  private static void prepare(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("env"));
    Files.writeString(
        folder.resolve("env/local.yaml"), "variables: {rehearsed_data: '" + folder + "'}\n");
    Files.writeString(folder.resolve(PIPELINE + ".yaml"), SPEC);
    String[] channels = {"web", "mail", "shop"};
    for (int day = 0; day < DAYS; day++) {
      StringBuilder rows = new StringBuilder("visit,day,pages,channel,bought\n");
      for (int i = 0; i < 30; i++) {
        String bought = i * 7 % 10 + day % 3 > 5 ? "yes" : "no";
        rows.append(day * 100 + i).append(',').append(FIRST.plusDays(day)).append(',');
        rows.append(i * 7 % 10).append(',').append(channels[i % 3]).append(',');
        rows.append(bought).append('\n');
      }
      Files.writeString(folder.resolve("visits-" + FIRST.plusDays(day) + ".csv"), rows.toString());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
