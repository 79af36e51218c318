package io.millrace.jobs.cli;

import io.millrace.Stage;
import io.millrace.jobs.console.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Verbs that write down what they were asked, and answer with what the test set. */
final class Recorder implements Verbs {

  final List<String> calls = new ArrayList<>();
  Supplier<Integer> answer = () -> 0;

  private int note(Object... words) {
    calls.add(String.join(" ", java.util.Arrays.stream(words).map(String::valueOf).toList()));
    return answer.get();
  }

  @Override
  public int stage(Stage stage, Request request, Console console) {
    return note(stage.word(), request);
  }

  @Override
  public int featuresForTraining(Request request, Console console) {
    return note("features for training", request);
  }

  @Override
  public int promote(Request request, Optional<String> version, Console console) {
    return note("promote", request, version);
  }

  @Override
  public int release(Request request, Optional<String> override, Console console) {
    return note("release", request, override);
  }

  @Override
  public int suggest(String source, Place place, Console console) {
    return note("suggest", source, place);
  }

  @Override
  public int quarantine(Refused refused, Console console) {
    return note("quarantine", refused);
  }

  @Override
  public int run(Request request, Console console) {
    return note("run", request);
  }

  @Override
  public int daily(Request request, Console console) {
    return note("daily", request);
  }

  @Override
  public int backfill(Request request, Console console) {
    return note("backfill", request);
  }

  @Override
  public int backfillStale(Request request, boolean dryRun, Console console) {
    return note("backfillStale", request, dryRun);
  }

  @Override
  public int replay(Request request, int trainEvery, Console console) {
    return note("replay", request, trainEvery);
  }

  @Override
  public int plan(Planned planned, Console console) {
    return note("plan", planned);
  }

  @Override
  public int runPlan(Path file, Place place, Console console) {
    return note("runPlan", file, place);
  }

  @Override
  public int init(Draft draft, Console console) {
    return note("init", draft);
  }

  @Override
  public int check(List<String> pipelines, Place place, Console console) {
    return note("check", pipelines, place);
  }

  @Override
  public int sql(String query, Place place, Console console) {
    return note("sql", query, place);
  }

  @Override
  public int reproduce(String version, Place place, Console console) {
    return note("reproduce", version, place);
  }

  @Override
  public int diff(Compared compared, Console console) {
    return note("diff", compared);
  }

  @Override
  public int diffModels(ComparedModels compared, Console console) {
    return note("diffModels", compared);
  }

  @Override
  public int diffReleases(ComparedReleases compared, Console console) {
    return note("diffReleases", compared);
  }

  @Override
  public int trace(Traced traced, Console console) {
    return note("trace", traced);
  }

  @Override
  public int erase(Erased erased, Console console) {
    return note("erase", erased.subject(), erased.except(), erased.dryRun(), erased.yes());
  }

  @Override
  public int pin(Pinning pinning, Console console) {
    return note("pin", pinning);
  }

  @Override
  public int vacuum(Cleaning cleaning, Console console) {
    return note("vacuum", cleaning);
  }

  @Override
  public int branch(Branched asked, Console console) {
    return note("branch", asked);
  }

  @Override
  public int merge(Merged asked, Console console) {
    return note("merge", asked);
  }

  @Override
  public int runs(Listing listing, Console console) {
    return note("runs", listing);
  }

  @Override
  public int models(Listing listing, Console console) {
    return note("models", listing);
  }

  @Override
  public int horizon(Listing listing, Console console) {
    return note("horizon", listing);
  }

  @Override
  public int metrics(Listing listing, Console console) {
    return note("metrics", listing);
  }

  @Override
  public int mirror(Optional<String> pipeline, Place place, Console console) {
    return note("mirror", pipeline, place);
  }
}
