package io.millrace.jobs.cli;

import io.millrace.Stage;
import io.millrace.jobs.console.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the program can do, one method per command. A method returns the exit code, 0 where all was
 * done or done already; a fault is thrown as a {@link io.millrace.MillraceException}.
 */
public interface Verbs {

  /** Runs one stage for one date; {@link Stage#PROMOTE} comes by {@link #promote}. */
  int stage(Stage stage, Request request, Console console);

  /** Makes the features of all dates that a model trained at the date learns from. */
  int featuresForTraining(Request request, Console console);

  /** Judges the challenger of the date, or moves the alias to a version that a person names. */
  int promote(Request request, Optional<String> version, Console console);

  /** Publishes the staged predictions of a date, also kept-back ones where a person says why. */
  int release(Request request, Optional<String> override, Console console);

  /** Proposes checks for a source from what its rows look like. */
  int suggest(String source, Place place, Console console);

  /** Lists refused rows of a source, or takes mended ones back in. */
  int quarantine(Refused refused, Console console);

  /** The train chain, as known at the date: ingest to promote. */
  int run(Request request, Console console);

  /** The score chain of the date: ingest to release. */
  int daily(Request request, Console console);

  /** The score chain for each logical date of the range, oldest first, in one process. */
  int backfill(Request request, Console console);

  /**
   * Tells the dates of the range that are stale, and makes these anew.
   *
   * @param dryRun whether they are only told
   */
  int backfillStale(Request request, boolean dryRun, Console console);

  /** A backfill that also runs the train chain at the first date and at every n-th after it. */
  int replay(Request request, int trainEvery, Console console);

  /** Tells what chains would do, and why; does nothing. */
  int plan(Planned planned, Console console);

  /** Does what a plan file says, of whichever chain it is, where it still holds. */
  int runPlan(Path file, Place place, Console console);

  /** Drafts a spec from a data file. */
  int init(Draft draft, Console console);

  /** Checks specs without reading data; no names stand for all of the conf folder. */
  int check(List<String> pipelines, Place place, Console console);

  /** Answers a query over the tables of the lake. */
  int sql(String query, Place place, Console console);

  /** Trains a model again from what it was trained on, and says whether it is the same. */
  int reproduce(String version, Place place, Console console);

  /** Tells what changed between two versions of a table. */
  int diff(Compared compared, Console console);

  /** Compares two models of a pipeline. */
  int diffModels(ComparedModels compared, Console console);

  /** Compares two releases of a pipeline. */
  int diffReleases(ComparedReleases compared, Console console);

  /** Tells where a prediction comes from, or where a file or row went. */
  int trace(Traced traced, Console console);

  /** Takes a person out of the lake. */
  int erase(Erased erased, Console console);

  /** Adds, takes back and lists pins. */
  int pin(Pinning pinning, Console console);

  /** Deletes the data files that no version needs which is kept. */
  int vacuum(Cleaning cleaning, Console console);

  /** Makes, lists, shows or drops branches of the lake. */
  int branch(Branched asked, Console console);

  /** Brings what a branch changed to main. */
  int merge(Merged asked, Console console);

  /** Lists runs, the newest first. */
  int runs(Listing listing, Console console);

  /** Lists model versions and which is champion. */
  int models(Listing listing, Console console);

  /** Lists model versions and whether each can be trained again. */
  int horizon(Listing listing, Console console);

  /** Lists metrics of evaluated models. */
  int metrics(Listing listing, Console console);

  /** Tells the servers that a place names what they lack; no name stands for all pipelines. */
  int mirror(Optional<String> pipeline, Place place, Console console);
}
