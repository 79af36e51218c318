package io.millrace.promote;

import io.millrace.config.PromoteSpec.AtLeast;
import io.millrace.config.PromoteSpec.AtMost;
import io.millrace.config.PromoteSpec.Beats;
import io.millrace.config.PromoteSpec.Gate;
import io.millrace.config.PromoteSpec.Model;
import io.millrace.config.PromoteSpec.NoWorseThan;
import io.millrace.evaluate.KnownMetric;
import io.millrace.evaluate.KnownMetric.Better;
import io.millrace.evaluate.Metric;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a gate asks of one figure of the challenger. */
sealed interface Rule {

  /** Kind of the gate, as in the spec. */
  String kind();

  /** What is asked, in words. */
  String bound();

  /** The number in the spec. */
  double number();

  /** Why the rule can't be applied to the metric at all, if so. */
  Optional<String> unfit(KnownMetric metric);

  /** What it says of a figure of the challenger. */
  Finding judge(Metric challenger, KnownMetric metric, Scores scores);

  /** The rule of a gate. */
  static Rule of(Gate gate) {
    if (gate instanceof AtLeast g) {
      return new Bound("at-least", true, g.value());
    }
    if (gate instanceof AtMost g) {
      return new Bound("at-most", false, g.value());
    }
    if (gate instanceof Beats g) {
      return new Comparison("beats", g.model(), true, g.by());
    }
    NoWorseThan g = (NoWorseThan) gate;
    return new Comparison("no-worse-than", g.model(), false, g.tolerance());
  }

  /** The slice that a figure is of, in a sentence. */
  static String where(Metric metric) {
    return metric.sliceColumn().isEmpty()
        ? ""
        : " on " + metric.sliceColumn() + "=" + metric.sliceValue();
  }

  /**
   * What was found.
   *
   * @param against the figure compared with, if any
   */
  record Finding(OptionalDouble against, boolean passed, String reason) {}

  /**
   * A fixed bound; equality passes.
   *
   * @param least whether the bound is the least that passes, else the most
   */
  record Bound(String kind, boolean least, double number) implements Rule {

    @Override
    public String bound() {
      return (least ? "at least " : "at most ") + Figures.plain(Figures.decimal(number));
    }

    @Override
    public Optional<String> unfit(KnownMetric metric) {
      return Optional.empty();
    }

    @Override
    public Finding judge(Metric challenger, KnownMetric metric, Scores scores) {
      BigDecimal value = Figures.decimal(challenger.value());
      BigDecimal limit = Figures.decimal(number);
      int side = value.compareTo(limit);
      boolean passed = least ? side >= 0 : side <= 0;
      String verb = passed ? " is " + bound() : (least ? " is below " : " is above ");
      String reason =
          challenger.metric()
              + " "
              + Figures.text(value, limit)
              + where(challenger)
              + verb
              + (passed ? "" : Figures.plain(limit));
      return new Finding(OptionalDouble.of(number), passed, reason);
    }
  }

  /**
   * Against another model's figure on the same rows.
   *
   * @param strict whether the challenger must be better by more than the number, else it may be
   *     worse by at most the number
   */
  record Comparison(String kind, Model model, boolean strict, double number) implements Rule {

    @Override
    public String bound() {
      String slack = Figures.plain(Figures.decimal(number));
      return strict
          ? "better than the " + other() + " by more than " + slack
          : "worse than the " + other() + " by at most " + slack;
    }

    @Override
    public Optional<String> unfit(KnownMetric metric) {
      return metric.better() == Better.NEITHER
          ? Optional.of(
              metric.text()
                  + " has no direction in which it is better, so models can't be compared by it;"
                  + " use at-least or at-most")
          : Optional.empty();
    }

    @Override
    public Finding judge(Metric challenger, KnownMetric metric, Scores scores) {
      var metrics =
          switch (model) {
            case CHAMPION -> scores.champion();
            case BASELINE -> scores.baseline();
          };
      if (metrics.isEmpty()) {
        return withoutOther();
      }
      return metrics.get().stream()
          .filter(m -> m.metric().equals(challenger.metric()))
          .filter(m -> m.sliceColumn().equals(challenger.sliceColumn()))
          .filter(m -> m.sliceValue().equals(challenger.sliceValue()))
          .findFirst()
          .map(m -> compare(challenger, m, metric))
          .orElseGet(() -> withoutFigure(challenger));
    }

    private String other() {
      return model.name().toLowerCase(Locale.ROOT);
    }

    private Finding withoutOther() {
      return switch (model) {
        case CHAMPION -> new Finding(OptionalDouble.empty(), true, "there is no champion yet");
        case BASELINE ->
            new Finding(
                OptionalDouble.empty(),
                false,
                "there is no baseline to compare with; give `train.baseline`");
      };
    }

    private Finding withoutFigure(Metric challenger) {
      String reason =
          "the "
              + other()
              + " has no "
              + challenger.metric()
              + where(challenger)
              + " to compare with";
      return new Finding(OptionalDouble.empty(), false, reason);
    }

    private Finding compare(Metric challenger, Metric other, KnownMetric metric) {
      if (challenger.rows() != other.rows()) {
        String reason =
            String.format(
                "%s%s comes from %d rows, the %s's from %d; only figures on the same rows compare",
                challenger.metric(), where(challenger), challenger.rows(), other(), other.rows());
        return new Finding(OptionalDouble.of(other.value()), false, reason);
      }
      BigDecimal value = Figures.decimal(challenger.value());
      BigDecimal against = Figures.decimal(other.value());
      BigDecimal difference = value.subtract(against);
      BigDecimal gain = metric.better() == Better.HIGHER ? difference : difference.negate();
      BigDecimal slack = Figures.decimal(number);
      boolean passed = strict ? gain.compareTo(slack) > 0 : gain.negate().compareTo(slack) <= 0;
      String reason =
          challenger.metric()
              + " "
              + Figures.text(value, against)
              + where(challenger)
              + gap(gain, slack, Figures.text(against, value))
              + (strict ? "; must be better by more than " : "; tolerance ")
              + Figures.plain(slack);
      return new Finding(OptionalDouble.of(other.value()), passed, reason);
    }

    private String gap(BigDecimal gain, BigDecimal slack, String against) {
      if (gain.signum() == 0) {
        return " equals the " + other() + "'s";
      }
      return " is "
          + Figures.text(gain.abs(), slack)
          + (gain.signum() > 0 ? " better" : " worse")
          + " than the "
          + other()
          + "'s "
          + against;
    }
  }
}
