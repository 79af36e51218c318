package io.millrace.label;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.millrace.DataException;
import io.millrace.config.LabelSpec;
import io.millrace.config.LabelSpec.Conflict;
import io.millrace.config.PipelineSpec;
import io.millrace.config.PopulationSpec.Per;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.Load;
import io.millrace.table.Columns;
import io.millrace.table.RawColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes one label per entity and date of arrival out of the rows that told one. */
final class OneAnswer {

  private static final String LAST = "_last";

  private final PipelineSpec spec;
  private final List<String> entity;

  OneAnswer(PipelineSpec spec) {
    this.spec = spec;
    this.entity = LabelBuilder.entity(spec);
  }

  /**
   * The time of the rows that tell labels, where a later row takes the place of an earlier one of
   * its entity: in the features too, so both are of the same row.
   */
  static Optional<String> time(PipelineSpec spec) {
    SourceSpec source = spec.sources().get(spec.population().source());
    boolean replaces =
        !(spec.label().orElseThrow() instanceof LabelSpec.Source)
            && spec.population().per() == Per.ENTITY
            && source.load() == Load.APPEND;
    return source.time().filter(time -> replaces);
  }

  /** What orders the rows of an entity: time, then row id. */
  List<Column> order() {
    List<Column> order = new ArrayList<>();
    SourceSpec source = spec.sources().get(LabelBuilder.source(spec));
    source.time().ifPresent(time -> order.add(Columns.named(time).cast("timestamp")));
    order.add(Columns.named(RawColumns.ROW_ID));
    return order;
  }

  /**
   * Rows that are one per entity and {@code known_at}.
   *
   * @param labels with the columns of the table of labels
   * @param order a column that orders the rows of an entity
   * @throws DataException where answers differ and the spec says to refuse that
   */
  Dataset<Row> of(Dataset<Row> labels, String order) {
    if (entity.equals(List.of(RawColumns.KEY))) {
      return labels.drop(order);
    }
    Conflict conflict =
        spec.label().orElseThrow() instanceof LabelSpec.Source label
            ? label.conflict()
            : Conflict.LAST;
    if (conflict == Conflict.REFUSE) {
      requireOne(labels);
    }
    List<String> others =
        List.of(labels.columns()).stream()
            .filter(name -> !key().contains(name) && !name.equals(order))
            .toList();
    List<Column> ranked = new ArrayList<>();
    if (conflict == Conflict.POSITIVE) {
      ranked.add(col(LabelBuilder.VALUE).as("_first"));
    }
    ranked.add(col(order));
    others.forEach(name -> ranked.add(col(name)));
    Column rank = struct(ranked.toArray(Column[]::new));
    List<Column> columns = new ArrayList<>();
    for (String name : labels.columns()) {
      if (!name.equals(order)) {
        columns.add(others.contains(name) ? col(LAST + "." + name) : Columns.named(name));
      }
    }
    return labels
        .withColumn("_rank", rank)
        .groupBy(key().stream().map(Columns::named).toArray(Column[]::new))
        .agg((conflict == Conflict.FIRST ? min("_rank") : max("_rank")).as(LAST))
        .select(columns.toArray(Column[]::new));
  }

  private List<String> key() {
    List<String> key = new ArrayList<>(List.of("run_id", LabelBuilder.KNOWN_AT));
    key.addAll(entity);
    return key;
  }

  private void requireOne(Dataset<Row> labels) {
    List<Column> key = new ArrayList<>(List.of(col(LabelBuilder.KNOWN_AT)));
    entity.forEach(name -> key.add(Columns.named(name)));
    Column text = col(LabelBuilder.TEXT);
    Dataset<Row> torn =
        labels
            .groupBy(key.toArray(Column[]::new))
            .agg(min(text).as("_least"), max(text).as("_most"))
            .where("_least != _most");
    List<Row> first = torn.orderBy(key.toArray(Column[]::new)).limit(1).collectAsList();
    if (first.isEmpty()) {
      return;
    }
    Row row = first.get(0);
    StringBuilder name = new StringBuilder();
    Column same = col(LabelBuilder.KNOWN_AT).equalTo(lit(row.get(0)));
    for (int i = 0; i < entity.size(); i++) {
      name.append(i == 0 ? "" : ", ").append(entity.get(i)).append('=').append(row.get(i + 1));
      same = same.and(Columns.named(entity.get(i)).equalTo(lit(row.get(i + 1))));
    }
    Row found = labels.where(same).agg(sort_array(collect_set(text)), count(lit(1))).first();
    throw new DataException(
        "labels/%s: %s has different answers on %s: '%s'%s\nmend the files, or say which counts by label.conflict: first, last or positive"
            .formatted(
                spec.pipeline(),
                name,
                row.get(0),
                String.join("', '", found.<String>getList(0)),
                others(torn.count() - 1)));
  }

  private static String others(long others) {
    return others == 0 ? "" : "; so have " + others + " more";
  }
}
