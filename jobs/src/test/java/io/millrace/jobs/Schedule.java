package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.StoppedException;
import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import io.millrace.branch.Branches;
import io.millrace.jobs.cli.Cleaning;
import io.millrace.jobs.cli.Erased;
import io.millrace.jobs.cli.Merged;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.faults.Faults;
import io.millrace.jobs.faults.FaultyFiles;
import io.millrace.table.Lake;
import io.millrace.table.Landing;
import io.millrace.table.Vanished;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Two or three people who give commands to one lake at the same time, and what befalls their
 * processes; all of it drawn from a seed, but for the order in which threads come to run.
 */
final class Schedule {

  /** The environment of all commands. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("MILLRACE_ERASURE_KEY", "0123456789abcdef0123456789abcdef");

  /** The branch that is merged. */
  static final String BRANCH = "relabel";

  private static final int MOST_STEPS = 160;

  private final ScheduledShop base;
  private final Path lake;
  private final long seed;
  private final List<List<Command>> people = new ArrayList<>();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

  /** What a process is told to do. */
  record Command(String words, Consumer<Work> run, Map<String, String> overrides) {
    Command(String words, Consumer<Work> run) {
      this(words, run, Map.of());
    }

    String verb() {
      return words.split(" ")[0];
    }
  }

  Schedule(ScheduledShop base, Path lake, long seed) {
    this.base = base;
    this.lake = lake;
    this.seed = seed;
    Random random = new Random(seed);
    int count = 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      List<Command> commands = new ArrayList<>();
      for (int k = 1 + random.nextInt(2); k > 0; k--) {
        commands.add(draw(random));
      }
      people.add(commands);
    }
  }

  private Command draw(Random random) {
    LocalDate date = Shop.FIRST.plusDays(2 + random.nextInt(ScheduledShop.DAYS - 2));
    return switch (random.nextInt(15)) {
      case 0 -> new Command("ingest " + date, work -> new IngestJob(work, date).run());
      case 1, 2, 3, 4 -> new Command("daily " + date, work -> new Chains(work).daily(date));
      case 5, 6 -> {
        List<LocalDate> dates = Shop.FIRST.datesUntil(date.plusDays(1)).toList();
        yield new Command("backfill to " + date, work -> new Chains(work).backfill(dates));
      }
      case 7, 8 -> {
        String model = base.models().get(random.nextInt(base.models().size()));
        yield new Command(
            "promote " + model + " from " + date, work -> new PromoteJob(work, date).to(model));
      }
      case 9 -> {
        String newSeed = Integer.toString(20 + random.nextInt(3));
        yield new Command(
            "run " + date + " with seed " + newSeed,
            work -> new Chains(work).train(date),
            Map.of("train.seed", newSeed));
      }
      case 10 -> new Command("optimize", Schedule::optimize);
      case 11, 12 -> new Command("merge " + BRANCH, Schedule::merge);
      case 13 -> new Command("vacuum", this::vacuum);
      default -> new Command("erase", Schedule::erase);
    };
  }

  /** As another tool does, which knows nothing of slices. */
  private static void optimize(Work work) {
    for (String table : List.of("features/shop", "predictions/shop")) {
      if (work.lake().latest(table).isPresent()) {
        work.lake().spark().sql("optimize delta.`" + work.lake().path(table) + "`").collect();
      }
    }
  }

  private static Place place() {
    return new Place(Path.of("conf"), "local", Optional.empty(), Map.of());
  }

  private static void merge(Work work) {
    MergedSources sources =
        new MergedSources(
            Map.of("shop", new MergedSources.Pipeline(work.spec(), work.specText())),
            work.console());
    Merged asked = new Merged(BRANCH, false, Optional.empty(), Optional.empty(), place());
    try {
      new MergeVerb(asked, work.lake(), sources, work.console()).run();
    } catch (SpecException e) {
      if (new Branches(work.lake()).find(BRANCH).isEmpty()) {
        throw new StoppedException("merge: the branch was given up");
      }
      throw e;
    }
  }

  /** Whatever was replaced before the first of the commands. */
  void vacuum(Work work) {
    Duration grace = Duration.between(base.made(), Instant.now()).minusMillis(1);
    Cleaning asked =
        new Cleaning(Optional.of(Duration.ZERO), Optional.of(grace), false, true, place());
    VacuumVerb.run(asked, work.lake(), work.console(), () -> true);
  }

  /**
   * Gives the branch up and takes the person out.
   *
   * @throws StoppedException where what others do has put the person somewhere meanwhile
   */
  static void erase(Work work) {
    Branches branches = new Branches(work.lake());
    if (branches.find(BRANCH).isPresent()) {
      branches.drop(BRANCH);
    }
    Erased asked =
        new Erased(
            List.of("visit=" + ScheduledShop.PERSON),
            "",
            List.of(),
            List.of(),
            false,
            true,
            place());
    int code = EraseVerb.run(asked, work.lake(), ENVIRONMENT, work.console());
    if (code != 0) {
      throw new StoppedException("erase: ended with " + code);
    }
  }

  /** Lets all of them loose and waits for the end of the last. */
  void run() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < people.size(); i++) {
      int person = i;
      threads.add(new Thread(() -> giveCommands(person), "person-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void giveCommands(int person) {
    Random random = new Random(seed * 31 + person);
    int number = 0;
    for (Command command : people.get(person)) {
      String process = "p" + Long.toHexString(seed) + "-" + person + "-" + number++;
      Faults.Kind kind = kind(random);
      int at = 1 + random.nextInt(MOST_STEPS);
      Faults what = Faults.befall(process, kind, at, random.nextInt(4) == 0, random.nextLong());
      String line = process + ": " + command.words() + " (" + what + "): ";
      begun.add(command.verb());
      try (Work work = open(process, command.overrides())) {
        command.run().accept(work);
        ended.add(command.verb());
        told.add(line + "done");
      } catch (UnavailableException | StoppedException e) {
        told.add(line + e.getMessage());
      } catch (RuntimeException | Error e) {
        told.add(line + e);
        note(what, line, e);
      }
    }
  }

  /**
   * What goes wrong where nothing has befallen the process is a fault of ours; unless it tells that
   * what it was reading is gone, while there is a command that takes things away.
   */
  private void note(Faults what, String line, Throwable e) {
    boolean taken = hasBegun("erase") && Vanished.in(e).isPresent();
    if (!taken && !what.struck() && !what.isStaleAtTimes()) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      faults.add(line + trace);
    }
  }

  private static Faults.Kind kind(Random random) {
    return random.nextInt(3) == 0
        ? Faults.Kind.NONE
        : Faults.Kind.values()[1 + random.nextInt(Faults.Kind.values().length - 1)];
  }

  /** The lake as a process sees it, opened as each command opens it. */
  Work open(String process, Map<String, String> overrides) {
    Lake seen = Lake.open("faulty://" + process + lake, FaultyFiles.SETTINGS, TestSpark::session);
    Work work = base.shop().open(seen, overrides, Console.Format.TEXT, ENVIRONMENT);
    seen.requireWritable();
    Landing.settle(seen).ifPresent(work.console()::warn);
    work.mendIndex();
    return work;
  }

  /** Whether somebody has given a command of this kind. */
  boolean hasBegun(String verb) {
    return begun.contains(verb);
  }

  /** Whether one of this kind has told of its success. */
  boolean hasEnded(String verb) {
    return ended.contains(verb);
  }

  /** Faults of ours. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public String toString() {
    return "seed " + seed + ":\n" + String.join("\n", told);
  }
}
