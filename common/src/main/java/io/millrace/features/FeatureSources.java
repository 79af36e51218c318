package io.millrace.features;

import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.table.PinnedTable;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The raw tables that a pipeline's features are made of, each pinned once.
 *
 * @param tables by source
 */
public record FeatureSources(PipelineSpec spec, Map<String, PinnedTable> tables) {

  public FeatureSources {
    tables = Map.copyOf(tables);
  }

  /**
   * Pins the tables of the population, the windows and the joins.
   *
   * @param pin gives the raw table of a source
   */
  public static FeatureSources pin(PipelineSpec spec, Function<String, PinnedTable> pin) {
    Map<String, PinnedTable> tables = new TreeMap<>();
    names(spec).forEach(name -> tables.put(name, pin.apply(name)));
    return new FeatureSources(spec, tables);
  }

  /** The sources that features are made of. */
  public static Set<String> names(PipelineSpec spec) {
    Set<String> names = new TreeSet<>(Set.of(spec.population().source()));
    spec.features().windows().forEach(window -> names.add(window.source()));
    spec.features().joins().forEach(join -> names.add(join.source()));
    return names;
  }

  /** The table whose rows get predictions. */
  public PinnedTable population() {
    return tables.get(spec.population().source());
  }

  /** All tables, by name. */
  public Collection<PinnedTable> all() {
    return new TreeMap<>(tables).values();
  }

  PinnedTable table(String source) {
    return tables.get(source);
  }

  SourceSpec source(String source) {
    return spec.sources().get(source);
  }

  StructType schema(String source) {
    return tables.get(source).schema();
  }

  SparkSession spark() {
    return population().read().sparkSession();
  }

  Dataset<Row> read(String source) {
    return tables.get(source).read();
  }
}
