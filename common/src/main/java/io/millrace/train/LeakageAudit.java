package io.millrace.train;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.config.TrainSpec.Audit;
import io.millrace.model.Feature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Looks, before anything is trained, for features that know the outcome and for rows that stand on
 * both sides of the split. What it says is a function of the set of rows, whatever their order.
 *
 * <p>One scan draws the sample that features are judged on, a second one counts what train and test
 * have in common. The limits were chosen on public data: they find the call's length in the bank
 * marketing data (AUC 0.81, twice as far from chance as the next) and the two parts of the bike
 * counts, and nothing in the census, churn and credit data.
 */
public final class LeakageAudit {

  /** Strength from which one feature is the label: AUC 0.98, or a rank correlation of 0.96. */
  private static final double SEPARATES = 0.96;

  /** Least strength that stands out among classes (AUC 0.75), and among numbers. */
  private static final double STANDS_OUT = 0.5;

  private static final double STANDS_OUT_OF_NUMBERS = 0.75;

  /** How many times as strong as the next feature. */
  private static final double AHEAD = 1.8;

  private static final int MOST_TOGETHER = 3;
  private static final int LEAST_OTHERS = 2;

  /** Share of a strength that whether a value is missing must have, to be what tells. */
  private static final double BY_MISSING = 0.9;

  private static final double SHARED_ROWS = 0.1;

  private final TrainingSet set;
  private final AuditSample sample;
  private final boolean numbers;
  private final List<Leak> leaks = new ArrayList<>();

  private LeakageAudit(TrainingSet set, AuditSample sample) {
    this.set = set;
    this.sample = sample;
    this.numbers = set.task() == Task.REGRESSION;
  }

  /**
   * The findings, those of features first.
   *
   * @param set rows of all sides of the split
   * @throws SpecException when a feature to ignore isn't there
   */
  public static List<Leak> run(TrainingSet set, Audit spec) {
    List<Feature> features = new ArrayList<>();
    List<String> names = set.schema().features().stream().map(Feature::name).toList();
    for (String name : spec.ignore()) {
      if (!names.contains(name)) {
        throw new SpecException(
            "train.audit.ignore: no feature "
                + name
                + "; "
                + Nearest.mend(name, names, "features"));
      }
    }
    set.schema().features().stream()
        .filter(feature -> !spec.ignore().contains(feature.name()))
        .forEach(features::add);
    LeakageAudit audit = new LeakageAudit(set, AuditSample.of(set, features));
    audit.features();
    audit.combination();
    audit.leaks.addAll(Identifiers.of(set, audit.sample));
    audit.split();
    return List.copyOf(audit.leaks);
  }

  /** How well a feature tells the label, and whether it does so by being missing. */
  private record Told(String name, double strength, boolean byMissing) {}

  private void features() {
    Strength strength = new Strength(sample, numbers ? 0 : set.classes().size());
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < sample.features().size(); i++) {
      double value = strength.ofValue(i);
      double missing = strength.ofMissing(i);
      boolean byMissing = missing > 0 && missing >= BY_MISSING * value;
      told.add(new Told(sample.features().get(i).name(), Math.max(value, missing), byMissing));
    }
    told.sort(Comparator.comparingDouble(Told::strength).reversed().thenComparing(Told::name));
    int ahead = ahead(told);
    for (int i = 0; i < told.size(); i++) {
      if (told.get(i).strength() >= SEPARATES) {
        add(told.get(i), LeakRule.SEPARATES, SEPARATES, "");
      } else if (i < ahead) {
        double times = told.get(i).strength() / told.get(ahead).strength();
        String next =
            times > 100
                ? ", where no other feature tells anything"
                : String.format(
                    Locale.ROOT,
                    numbers ? ", %.1f times that of %s" : ", %.1f times as far from chance as %s",
                    times,
                    told.get(ahead).name());
        add(told.get(i), LeakRule.STANDS_OUT, leastThatStandsOut(), next);
      }
    }
  }

  private double leastThatStandsOut() {
    return numbers ? STANDS_OUT_OF_NUMBERS : STANDS_OUT;
  }

  /** How many of the strongest features are far ahead of all others. */
  private int ahead(List<Told> told) {
    for (int n = Math.min(MOST_TOGETHER, told.size() - LEAST_OTHERS); n > 0; n--) {
      double last = told.get(n - 1).strength();
      if (last >= leastThatStandsOut() && last >= AHEAD * told.get(n).strength()) {
        return n;
      }
    }
    return 0;
  }

  private void add(Told told, LeakRule rule, double limit, String compared) {
    double figure = figure(told.strength());
    String words =
        String.format(Locale.ROOT, numbers ? "rank correlation %.3f" : "AUC %.3f", figure);
    String mend = "list it under features.exclude, else under train.audit.ignore";
    String message =
        told.byMissing()
            ? "whether %s is missing tells the label (%s%s): it seems to be filled in after the"
                    .formatted(told.name(), words, compared)
                + " outcome; "
                + mend
            : "%s alone ranks the label with %s%s; if it is known only after the outcome, "
                    .formatted(told.name(), words, compared)
                + mend;
    leaks.add(
        new Leak(
            told.byMissing() ? LeakRule.MISSING : rule,
            List.of(told.name()),
            figure,
            figure(limit),
            sample.rows(),
            message));
  }

  /** The strength as it is known: an AUC of classes. */
  private double figure(double strength) {
    return numbers ? strength : (1 + strength) / 2;
  }

  private void combination() {
    if (!numbers) {
      return;
    }
    ExactCombination.of(sample)
        .ifPresent(
            found -> {
              List<String> names =
                  found.features().stream().map(i -> sample.features().get(i).name()).toList();
              leaks.add(
                  new Leak(
                      LeakRule.COMBINATION,
                      names,
                      found.r2(),
                      ExactCombination.LEAST_R2,
                      found.rows(),
                      found.words(names)
                          + " is the label, but for a constant; list what is known only after the"
                          + " outcome under features.exclude"));
            });
  }

  private void split() {
    SplitOverlap overlap = SplitOverlap.of(set);
    if (overlap.keys() > 0) {
      double share = (double) overlap.keys() / overlap.test();
      leaks.add(
          new Leak(
              LeakRule.SHARED_KEYS,
              List.of(TrainingSet.KEY),
              share,
              0,
              overlap.test(),
              counted(overlap.keys(), overlap.test(), share)
                  + " are of an entity that trains too; split by-hash, or take the figures on them"
                  + " as those of known entities"));
    }
    double share = overlap.test() == 0 ? 0 : (double) overlap.twins() / overlap.test();
    if (share >= SHARED_ROWS) {
      leaks.add(
          new Leak(
              LeakRule.SHARED_ROWS,
              List.of(),
              share,
              SHARED_ROWS,
              overlap.test(),
              counted(overlap.twins(), overlap.test(), share)
                  + " have the features of a row that trains, so that the figures on them flatter"
                  + " the model; take repeated rows out of the source"));
    }
  }

  private static String counted(long part, long whole, double share) {
    return String.format(Locale.ROOT, "%,d of %,d test rows (%.1f%%)", part, whole, 100 * share);
  }
}
