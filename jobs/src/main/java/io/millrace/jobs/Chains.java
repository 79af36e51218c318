package io.millrace.jobs;

import io.millrace.StoppedException;
import io.millrace.UnavailableException;
import io.millrace.jobs.PromoteJob.Decision;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The two chains of stages, and ranges of dates. */
final class Chains {

  private static final int TRIES = 3;

  private final Work work;

  Chains(Work work) {
    this.work = work;
  }

  /** Ingest to promote, as known at the date. */
  Decision train(LocalDate date) {
    Requirements.train(work.spec());
    new IngestJob(work, date).run();
    return unmoved(
        date,
        () -> {
          new ValidateJob(work, date).run();
          new LabelJob(work, date).run();
          new FeaturesJob(work).forTraining(date);
          new TrainJob(work, date).run();
          new EvaluateJob(work, date).run();
          return new PromoteJob(work, date).run();
        });
  }

  /**
   * Runs stages that read what the ones before have made. Where another process has moved the
   * inputs in between (a promotion, a late file), they are run again; what still holds is found
   * done.
   *
   * @throws UnavailableException where they moved each time
   */
  private <T> T unmoved(LocalDate date, Supplier<T> stages) {
    NotMadeException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return stages.get();
      } catch (NotMadeException e) {
        last = e;
      }
    }
    throw new UnavailableException(
        "%s: another process kept changing what %s is made of (%s); try again"
            .formatted(work.name(), date, last.getMessage().lines().findFirst().orElse("")),
        last);
  }

  private void unmoved(LocalDate date, Runnable stages) {
    unmoved(
        date,
        () -> {
          stages.run();
          return null;
        });
  }

  /** Ingest to report; the page is written for a date that is kept back too. */
  void daily(LocalDate date) {
    try {
      score(date);
    } catch (HeldException e) {
      new ReportJob(work).run(List.of(date));
      throw e;
    }
    new ReportJob(work).run(List.of(date));
  }

  /** Ingest to release. */
  void score(LocalDate date) {
    new IngestJob(work, date).run();
    unmoved(
        date,
        () -> {
          validate(date);
          new FeaturesJob(work).ofDate(date);
          if (work.spec().train().isPresent()) {
            new ScoreJob(work, date).run();
            new MonitorJob(work, date).run();
            release(date, Optional.empty());
          }
        });
  }

  /**
   * Releases a date, and measures what is released by then. After the release, since an outcome may
   * be known at once; also where the date is kept back, since labels of other dates have come.
   */
  void release(LocalDate date, Optional<String> override) {
    try {
      new ReleaseJob(work, date, override).run();
    } catch (StoppedException e) {
      new Performance(work).measure(List.of(date));
      throw e;
    }
    new Performance(work).measure(List.of(date));
  }

  /** The score chain of many dates: what each date reads first, then all features at once. */
  void backfill(List<LocalDate> dates) {
    for (LocalDate date : dates) {
      new IngestJob(work, date).run();
      unmoved(date, () -> validate(date));
    }
    redo(dates);
  }

  private void validate(LocalDate date) {
    new ValidateJob(work, date).run();
    if (work.spec().label().isPresent()) {
      new LabelJob(work, date).run();
    }
  }

  /** Features to report of dates whose rows are in: those that are missing or stale. */
  void redo(List<LocalDate> dates) {
    features(dates);
    if (work.spec().train().isEmpty()) {
      return;
    }
    List<LocalDate> held = new ArrayList<>();
    for (LocalDate date : dates) {
      unmoved(
          date,
          () -> {
            if (canScore(date)) {
              new ScoreJob(work, date).run();
              new MonitorJob(work, date).run();
              releaseUnlessHeld(date, held);
            }
          });
    }
    new Performance(work).measure(dates);
    new ReportJob(work).run(dates);
    tell(held);
  }

  /** Where rows have come in that nobody has validated yet, that is done first. */
  private void features(List<LocalDate> dates) {
    LocalDate last = dates.get(dates.size() - 1);
    try {
      new FeaturesJob(work).ofRange(last, dates);
    } catch (NotMadeException e) {
      unmoved(
          last,
          () -> {
            validate(last);
            new FeaturesJob(work).ofRange(last, dates);
          });
    }
  }

  /** A date that is kept back keeps no other one back. */
  private void releaseUnlessHeld(LocalDate date, List<LocalDate> held) {
    try {
      new ReleaseJob(work, date).run();
    } catch (HeldException e) {
      held.add(date);
      work.console().warn(e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private void tell(List<LocalDate> held) {
    if (!held.isEmpty()) {
      throw new HeldException(
          work.name()
              + ": predictions are kept back: "
              + Dates.list(held)
              + "\n`millrace release "
              + work.name()
              + " --date D --override WHY` releases those of a date");
    }
  }

  /**
   * Dates of no champion, or of one that learned other features, keep the predictions they have.
   */
  private boolean canScore(LocalDate date) {
    var champion = new Champions(work).at(date);
    if (champion.isEmpty()) {
      work.console().info(date + ": no model was in force; features only");
      return false;
    }
    boolean fits = fits(work, champion.get());
    if (!fits) {
      work.console()
          .warn(
              date
                  + ": model "
                  + champion.get()
                  + " was trained on other features; the predictions of this date stay as they"
                  + " are");
    }
    return fits;
  }

  /** Whether a model learned from features as the spec has them now. */
  static boolean fits(Work work, String version) {
    return SpecKeys.featuresVersion(work.spec())
        .equals(new ModelLibrary(work).named(version).get("features_version"));
  }

  /** What a scheduler would have done: the score chain each date, the train chain every n-th. */
  void replay(List<LocalDate> dates, int trainEvery, ReplayReport report) {
    List<LocalDate> held = new ArrayList<>();
    for (int i = 0; i < dates.size(); i++) {
      LocalDate date = dates.get(i);
      int before = work.changes();
      if (i % trainEvery == 0) {
        Decision decision = train(date);
        report.trained(date, decision);
        if (new Champions(work).at(date).isEmpty()) {
          throw blocked(work, decision);
        }
      }
      try {
        score(date);
      } catch (HeldException e) {
        held.add(date);
        work.console().warn(e.getMessage().lines().findFirst().orElse(""));
      }
      work.flush();
      report.after(date, work.changes() > before);
    }
    new ReportJob(work).run(dates);
    tell(held);
  }

  /** The fault of a challenger that stays out. */
  static StoppedException blocked(Work work, Decision decision) {
    return new StoppedException(
        work.name()
            + ": model "
            + decision.version()
            + " is not promoted: "
            + String.join("; ", decision.reasons())
            + "\nsee `millrace metrics "
            + work.name()
            + "`; `millrace promote "
            + work.name()
            + " --to "
            + decision.version()
            + "` overrules");
  }
}
