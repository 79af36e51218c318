package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.DataException;
import io.millrace.Stage;
import io.millrace.StoppedException;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import io.millrace.jobs.session.LogFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T23:59:00Z"), ZoneOffset.UTC);
  private static final Terminal TTY = new Terminal(OptionalInt.of(90), false, false);

  @TempDir Path logs;

  private final Recorder verbs = new Recorder();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PROMOTE", "RELEASE"})
  void aStageGetsPipelineAndDate(Stage stage) {
    assertThat(run(stage.word(), "churn", "--date", "2026-01-31")).isZero();
    assertThat(verbs.calls)
        .containsExactly(
            stage.word()
                + " Request[pipeline=churn, from=2026-01-31, to=2026-01-31, place=Place[conf=conf,"
                + " env=local, lake=Optional.empty, branch=Optional.empty, overrides={}]]");
    assertThat(errors()).isEmpty();
  }

  @Test
  void anErasureGetsItsPersonAndNothingOfItIsWritten() {
    assertThat(run("erase", "--subject", "id=C1", "--except", "raw/a,raw/b", "--yes")).isZero();
    assertThat(verbs.calls).containsExactly("erase [id=C1] [raw/a, raw/b] false true");
    assertThat(run("erase", "--yes")).isEqualTo(2);
    assertThat(errors()).contains("--subject").doesNotContain("C1");
  }

  @Test
  void featuresMayBeThoseOfATraining() {
    assertThat(run("features", "churn", "--date", "2026-01-31")).isZero();
    assertThat(run("features", "churn", "--date", "2026-01-31", "--for-training")).isZero();
    assertThat(verbs.calls).hasSize(2);
    assertThat(verbs.calls.get(0)).startsWith("features Request[");
    assertThat(verbs.calls.get(1)).startsWith("features for training Request[");
  }

  @Test
  void aReleaseGetsTheReasonOfAnOverride() {
    assertThat(run("release", "churn", "--date", "2026-01-31")).isZero();
    assertThat(run("release", "churn", "--date", "2026-01-31", "--override", "sale")).isZero();
    assertThat(verbs.calls).hasSize(2);
    assertThat(verbs.calls.get(0)).startsWith("release Request").endsWith(" Optional.empty");
    assertThat(verbs.calls.get(1)).endsWith(" Optional[sale]");
    assertThat(run("release", "churn", "--date", "2026-01-31", "--override", " ")).isEqualTo(2);
    assertThat(errors()).contains("--override is empty; say why, it is recorded");
  }

  @Test
  void aRetryNeedsADate() {
    assertThat(run("quarantine", "x", "--retry", "f.csv")).isEqualTo(2);
    assertThat(errors()).contains("--retry needs --date");
    assertThat(run("quarantine", "x", "--retry", "f.csv", "--date", "2026-01-31")).isZero();
    assertThat(verbs.calls).hasSize(1);
    assertThat(verbs.calls.get(0)).startsWith("quarantine Refused[source=x");
  }

  @Test
  void placeOptionsReachTheVerb() {
    run(
        "run",
        "c.yaml",
        "--date=2026-01-31",
        "--env",
        "prod",
        "--conf",
        "/etc/m",
        "--lake",
        "s3a://l");
    assertThat(verbs.calls.get(0))
        .contains(
            "Place[conf=/etc/m, env=prod, lake=Optional[s3a://l], branch=Optional.empty,"
                + " overrides={}]");
  }

  @Test
  void overridesAreRepeatableAndMayHoldEqualsSigns() {
    run("check", "--set", "train.seed=8", "--set", "features.expressions.a=b = c");
    assertThat(verbs.calls.get(0))
        .contains("train.seed=8")
        .contains("features.expressions.a=b = c");
  }

  @Test
  void pinsHaveAnActionANameAndWhatTheyKeep() {
    assertThat(run("pin", "list")).isZero();
    assertThat(verbs.calls.get(0)).startsWith("pin Pinning[action=LIST, name=Optional.empty");
    run("pin", "add", "audit", "raw/x@3", "3f2a9c41d07b", "--until", "2027-12-31");
    assertThat(verbs.calls.get(1))
        .contains("action=ADD, name=Optional[audit], what=[raw/x@3, 3f2a9c41d07b]")
        .contains("until=Optional[2027-12-31], reason=, ");
    assertThat(run("pin", "remove", "audit")).isZero();
    assertThat(run("pin", "drop", "audit")).isEqualTo(2);
    assertThat(run("pin", "add")).isEqualTo(2);
    assertThat(run("pin", "add", "audit")).isEqualTo(2);
    assertThat(run("pin", "add", "a b", "raw/x@3")).isEqualTo(2);
    assertThat(errors())
        .contains("pin: there is no action drop; write add, remove or list")
        .contains("pin add: NAME is missing, such as `pin add audit-2026 features/churn@12`")
        .contains("pin add: WHAT is missing, such as `pin add audit features/churn@12`")
        .contains("pin: a b is no name");
    assertThat(verbs.calls).hasSize(3);
  }

  @Test
  void aVacuumTakesSpans() {
    assertThat(run("vacuum", "--retain", "0d", "--grace", "6h", "--yes")).isZero();
    assertThat(verbs.calls.get(0))
        .startsWith("vacuum Cleaning[retain=Optional[PT0S], grace=Optional[PT6H], dryRun=false")
        .contains("yes=true");
    assertThat(run("vacuum")).isZero();
    assertThat(verbs.calls.get(1)).contains("retain=Optional.empty, grace=Optional.empty");
    assertThat(run("vacuum", "--retain", "soon")).isEqualTo(2);
    assertThat(run("vacuum", "--dry-run", "--yes")).isEqualTo(2);
    assertThat(errors())
        .contains("--retain: 'soon' is no span of time; write 30d, 12h or 0d")
        .contains("--dry-run and --yes contradict each other");
    assertThat(verbs.calls).hasSize(2);
  }

  @Test
  void promoteTakesAVersion() {
    run("promote", "churn", "--date", "2026-01-31", "--to", "3f2a9c41d07b");
    assertThat(verbs.calls.get(0)).startsWith("promote").endsWith("Optional[3f2a9c41d07b]");
  }

  @Test
  void backfillAndReplayTakeARange() {
    run("backfill", "churn", "--from", "2026-01-01", "--to", "2026-01-31");
    run("replay", "churn", "--from", "2026-01-01", "--to", "2026-01-31", "--train-every", "7");
    assertThat(verbs.calls.get(0)).contains("from=2026-01-01, to=2026-01-31");
    assertThat(verbs.calls.get(1)).startsWith("replay").endsWith(" 7");
  }

  @Test
  void aPlanIsOfADateARangeOrATraining() {
    assertThat(run("plan", "a", "b", "--date", "2026-01-31", "--all")).isZero();
    assertThat(run("plan", "a", "--from", "2026-01-01", "--to", "2026-01-31", "--out", "p.json"))
        .isZero();
    assertThat(run("plan", "--date", "2026-01-31", "--train")).isZero();
    assertThat(run("run", "--plan", "p.json", "--lake", "l")).isZero();
    assertThat(verbs.calls.get(0))
        .startsWith(
            "plan Planned[pipelines=[a, b], from=2026-01-31, to=2026-01-31, range=false,"
                + " train=false, all=true, out=Optional.empty");
    assertThat(verbs.calls.get(1))
        .contains("from=2026-01-01, to=2026-01-31, range=true", "out=Optional[p.json]");
    assertThat(verbs.calls.get(2)).contains("pipelines=[]", "train=true");
    assertThat(verbs.calls.get(3)).startsWith("runPlan p.json Place[").contains("lake=Optional[l]");
  }

  @Test
  void whatAPlanCantBeOfIsSaid() {
    assertThat(run("plan", "a", "--from", "2026-01-01")).isEqualTo(2);
    assertThat(run("plan", "a", "--from", "2026-01-01", "--to", "2026-01-02", "--train"))
        .isEqualTo(2);
    assertThat(run("plan", "a", "--from", "2026-01-03", "--to", "2026-01-02")).isEqualTo(2);
    assertThat(run("plan", "--date", "2026-01-31", "--out", "p.json")).isEqualTo(2);
    assertThat(run("plan", "a")).isEqualTo(2);
    assertThat(run("run", "a", "--plan", "p.json")).isEqualTo(2);
    assertThat(run("run")).isEqualTo(2);
    assertThat(verbs.calls).isEmpty();
    assertThat(errors())
        .contains("--from and --to go together; give both, or --date")
        .contains("--from and --to go with neither --date nor --train; leave one or the other out")
        .contains("--from 2026-01-03 is later than --to 2026-01-02; give the earlier date first")
        .contains("--out: a plan file is of one pipeline; name it")
        .contains("--date is missing; give the logical date")
        .contains("--plan: the file says which pipeline and dates; leave these out")
        .contains("PIPELINE is missing\nsee: millrace run --help");
  }

  @Test
  void listsInitAndSqlReachTheirVerbs() {
    run("runs");
    run("models", "churn", "--limit", "3");
    run("metrics", "churn", "--date", "2026-01-31");
    run("init", "p", "--from", "a.csv", "--label", "y", "--columns", "a,b", "--test-files", "t*");
    run("sql", "select 1");
    assertThat(verbs.calls.get(0)).contains("pipeline=Optional.empty", "limit=20");
    assertThat(verbs.calls.get(1)).contains("pipeline=Optional[churn]", "limit=3");
    assertThat(verbs.calls.get(2)).contains("date=Optional[2026-01-31]");
    assertThat(verbs.calls.get(3))
        .contains("pipeline=p, from=a.csv, label=y, columns=[a, b], testFiles=Optional[t*]");
    assertThat(verbs.calls.get(4)).startsWith("sql select 1 ");
  }

  @Test
  void atATerminalTheDateIsTodayAndSaysSo() {
    assertThat(run(TTY, "daily", "churn")).isZero();
    assertThat(verbs.calls.get(0)).contains("to=2026-03-04");
    assertThat(errors()).isEqualTo("date: 2026-03-04 (today, UTC; --date gives another)\n");
  }

  @Test
  void elsewhereTheDateMustBeGiven() {
    assertThat(run("daily", "churn")).isEqualTo(2);
    assertThat(verbs.calls).isEmpty();
    assertThat(errors())
        .isEqualTo(
            "millrace: --date is missing; give the logical date, such as --date 2026-01-31\n"
                + "(only at a terminal it defaults to today)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-02-30", "31.01.2026", "today", "2026-1-1"})
  void aDateThatIsNoneSaysHowToWriteIt(String date) {
    assertThat(run("score", "churn", "--date", date)).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: --date: '"
                + date
                + "' is not a date; write year-month-day, such as 2026-01-31\n"
                + "see: millrace score --help\n");
  }

  @Test
  void aRangeThatRunsBackwardsIsRefused() {
    assertThat(run("backfill", "c", "--from", "2026-02-01", "--to", "2026-01-01")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: --from 2026-02-01 is later than --to 2026-01-01; give the earlier date"
                + " first\n");
  }

  @Test
  void anUnknownCommandNamesTheNearest() {
    assertThat(run("trian", "churn")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: unknown command 'trian'; did you mean 'train'?\nsee: millrace --help\n");
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    assertThat(run("train", "churn", "--dat", "2026-01-31")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "millrace: unknown option '--dat'; did you mean '--date'?\n"
                + "see: millrace train --help\n");
  }

  @Test
  void nonsenseHasNoNearest() {
    assertThat(run("xylophone")).isEqualTo(2);
    assertThat(errors()).startsWith("millrace: unknown command 'xylophone'\n");
  }

  @Test
  void missingArgumentsAreNamed() {
    assertThat(run("train")).isEqualTo(2);
    assertThat(run("backfill", "churn", "--from", "2026-01-01")).isEqualTo(2);
    assertThat(run("train", "churn", "--date", "2026-01-01", "--date", "2026-01-02")).isEqualTo(2);
    assertThat(run("check", "--set", "seed")).isEqualTo(2);
    assertThat(run("runs", "--limit", "few")).isEqualTo(2);
    assertThat(errors())
        .contains("millrace: PIPELINE is missing\nsee: millrace train --help\n")
        .contains("millrace: --to is missing\nsee: millrace backfill --help\n")
        .contains("millrace: --date is given twice; give it once\n")
        .contains("millrace: --set: 'seed' is not of the form KEY=VALUE\n")
        .contains("millrace: --limit: 'few' is not an int\n");
  }

  @Test
  void ourFaultsKeepTheirMessageAndCode() {
    verbs.answer =
        () -> {
          throw new RuntimeException("wrapped", new DataException("a.csv: no column 'x'"));
        };
    assertThat(run("ingest", "churn", "--date", "2026-01-31")).isEqualTo(3);
    assertThat(errors()).isEqualTo("millrace: a.csv: no column 'x'\n");
  }

  @Test
  void theOutcomeOfAVerbIsTheExitCode() {
    verbs.answer = () -> 10;
    assertThat(run("promote", "churn", "--date", "2026-01-31")).isEqualTo(10);
  }

  @Test
  void whatRunsElsewhereBringsItsCodeAndItsFaults() {
    Console console = new Console(Terminal.NONE, Cli.format(), stream(out), stream(err));
    LogFile log = LogFile.open(Map.of("MILLRACE_LOG", logs.toString()), CLOCK);
    List<String> there = new ArrayList<>();
    Elsewhere elsewhere =
        (task, arguments) -> {
          if (task.name().equals("sql")) {
            throw new DataException("no such place");
          }
          there.add(task.name() + " " + task.detachable() + ": " + arguments.get());
          return OptionalInt.of(10);
        };
    Cli cli = new Cli(() -> verbs, console, log, CLOCK, elsewhere);

    assertThat(cli.execute("daily", "churn", "--date", "2026-01-31")).isEqualTo(10);
    assertThat(cli.execute("sql", "select 1")).isEqualTo(3);

    assertThat(there).containsExactly("daily churn true: [daily, churn, --date, 2026-01-31]");
    assertThat(errors()).isEqualTo("millrace: no such place\n");
  }

  @Test
  void aBugIsOneLineWithTheLog() throws IOException {
    verbs.answer =
        () -> {
          throw new IllegalStateException("no such thing");
        };
    assertThat(run("ingest", "churn", "--date", "2026-01-31")).isEqualTo(1);
    assertThat(errors())
        .startsWith("millrace: a bug: IllegalStateException: no such thing (CliTest.java:")
        .contains("; log: " + logs)
        .hasLineCount(1);
    try (var files = java.nio.file.Files.list(logs)) {
      assertThat(files.findFirst().orElseThrow()).content().contains("at io.millrace.jobs.cli");
    }
  }

  @Test
  void faultsOfTheMachineMayBeTriedAgain() {
    Map<Throwable, String> faults =
        Map.of(
            new OutOfMemoryError("Java heap space"), "out of memory with a heap of",
            new IOException("No space left on device"), "the disk is full",
            new java.nio.file.AccessDeniedException("/lake/raw"), "no permission: /lake/raw",
            new IOException("Mkdirs failed to create file:/lake"), "no permission: Mkdirs failed",
            new java.net.UnknownHostException("lake.local"), "can't reach a service",
            new java.io.FileNotFoundException("/lake/raw/sales/a.parquet"),
                "what this command was reading is gone: /lake/raw/sales/a.parquet");
    faults.forEach(
        (fault, text) -> {
          verbs.answer = thrower(fault);
          assertThat(run("daily", "churn", "--date", "2026-01-31")).isEqualTo(4);
          assertThat(errors()).contains("millrace: " + text);
        });
  }

  @Test
  void jsonTellsFaultsOnStandardOutputToo() {
    verbs.answer =
        () -> {
          throw new StoppedException("gate 'at-least auc 0.83': 0.81");
        };
    assertThat(run("run", "churn", "--date", "2026-01-31", "--json")).isEqualTo(10);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"event\":\"fault\",\"exit_code\":10,\"message\":\"gate 'at-least auc 0.83':"
                + " 0.81\"}\n");
  }

  @Test
  void everyHelpPageHasAnExample() {
    for (Commands.Entry entry :
        Commands.all(
            new Context(
                () -> verbs,
                new Console(Terminal.NONE, Console.Format.TEXT, stream(out), stream(err)),
                CLOCK))) {
      out.reset();
      assertThat(run(entry.word(), "--help")).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8))
          .contains("Usage: millrace " + entry.word())
          .contains(entry.summary().substring(0, 20))
          .contains("Example:\n  millrace " + entry.word())
          .doesNotContain("%n");
    }
  }

  @Test
  void theFirstPageGroupsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsSubsequence(
            "Chains:", "  run ", "Stages", "  ingest ", "Specs:", "Tables:", "  sql ");
  }

  private static Supplier<Integer> thrower(Throwable fault) {
    return () -> {
      throw CliTest.<RuntimeException>sneak(fault);
    };
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T sneak(Throwable fault) throws T {
    throw (T) fault;
  }

  private int run(String... args) {
    return run(Terminal.NONE, args);
  }

  private int run(Terminal terminal, String... args) {
    Console console = new Console(terminal, Cli.format(args), stream(out), stream(err));
    LogFile log = LogFile.open(Map.of("MILLRACE_LOG", logs.toString()), CLOCK);
    return new Cli(() -> verbs, console, log, CLOCK).execute(args);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
