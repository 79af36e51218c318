package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.SpecException;
import io.millrace.config.PipelineSpec;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that show when windows and joins meet the columns that there are. */
class FaultsOfMomentsTest {

  private static final String SPEC =
      """
      pipeline: pay
      sources:
        payments: {kind: parquet, path: p, key: [id], time: at}
        texts: {kind: parquet, path: t, key: [card], load: snapshot}
      entity: [id]
      population: {source: payments, per: event}
      features:
        columns: [amount]
        windows:
          - {source: payments, by: card, over: [1d], aggregate: {amount: [avg]}}
        joins:
          - {source: texts, on: {number: card}, columns: [word]}
      """;

  private static FeatureLake lake;

  @BeforeAll
  static void takeIn() {
    lake = new FeatureLake();
    lake.append("payments", PaymentData.SCHEMA, "a".repeat(32), List.of());
    StructType texts =
        new StructType()
            .add("card", DataTypes.StringType)
            .add("number", DataTypes.LongType)
            .add("word", DataTypes.StringType);
    lake.append("texts", texts, "b".repeat(32), List.of());
  }

  private static FeaturePlan plan(String yaml) {
    PipelineSpec spec = lake.spec(yaml);
    return FeatureBuilder.plan(lake.sources(spec));
  }

  @Test
  void theSpecIsRight() {
    assertThat(plan(SPEC).features())
        .extracting(FeaturePlan.Planned::name)
        .containsExactly("amount", "avg_amount_by_card_1d", "texts_word");
    assertThat(plan(SPEC).features())
        .extracting(FeaturePlan.Planned::origin)
        .containsExactly(
            "Column amount",
            "avg of amount of payments by card over 1d",
            "word of texts, last known");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments(
            "by: card",
            "by: cart",
            "features.windows[0].by: the source payments has no column cart; did you mean card?"),
        arguments(
            "by: card",
            "by: card, matches: cart",
            "features.windows[0].matches: the source payments has no column cart; did you mean"
                + " card?"),
        arguments(
            "{amount: [avg]}",
            "{amonut: [avg]}",
            "features.windows[0].aggregate.amonut: the source payments has no column amonut; did"
                + " you mean amount?"),
        arguments(
            "{amount: [avg]}",
            "{shop: [max]}",
            "features.windows[0].aggregate.shop: max of shop, which is a string; it has count,"
                + " distinct, last and time-since"),
        arguments(
            "{amount: [avg]}",
            "{seen: [last]}",
            "features.windows[0].aggregate.seen: last of seen, which is a timestamp; it has count,"
                + " distinct and time-since"),
        arguments(
            "by: card",
            "by: card, known-at: shop",
            "features.windows[0].known-at: shop is a string; declare it under"
                + " sources.payments.types as date or timestamp"),
        arguments(
            "by: card",
            "by: card, where: amount",
            "features.windows[0].where: `amount` is no condition; compare something: a > 0"),
        arguments(
            "by: card",
            "by: card, where: amonut > 1",
            "features.windows[0].where: `amonut > 1` can't be read: there is no column amonut; did"
                + " you mean amount?"),
        arguments(
            "columns: [word]",
            "columns: [wrd]",
            "features.joins[0].columns: the source texts has no column wrd; did you mean word?"),
        arguments(
            "number: card",
            "number: cart",
            "features.joins[0].on.number: the source payments has no column cart; did you mean"
                + " card?"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void areTold(String right, String wrong, String message) {
    assertThat(SPEC).contains(right);
    assertThatThrownBy(() -> plan(SPEC.replace(right, wrong)))
        .isInstanceOf(SpecException.class)
        .hasMessage(message);
  }

  @Test
  void keysOfTwoTypesCantBeCompared() {
    PipelineSpec spec = lake.spec(SPEC.replace("number: card", "card: card"));
    assertThatThrownBy(() -> lake.features(spec, PaymentData.dates()))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "features: the key card of texts is a string, that of the population a bigint; declare"
                + " the types of both alike, under sources");
  }
}
