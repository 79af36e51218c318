package io.millrace.jobs;

import static org.apache.spark.sql.functions.lit;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.table.Columns;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The entity that a person names. */
record EntityKey(Map<String, String> values) {

  /** As the tables' definitions comment such a column. */
  private static final String ENTITY = "Key of the entity";

  EntityKey {
    values = Map.copyOf(values);
  }

  /** The columns of a table that identify its entities. */
  static List<String> columns(StructType schema) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.getComment().contains(ENTITY))
        .map(StructField::name)
        .toList();
  }

  /**
   * Reads {@code column=value} of each column, or the value of the one that there is.
   *
   * @throws SpecException where a column is missing, or is none of the entity
   */
  static EntityKey of(String pipeline, StructType schema, List<String> told) {
    List<String> columns = columns(schema);
    Map<String, String> values = new TreeMap<>();
    for (String text : told) {
      int sign = text.indexOf('=');
      String name = sign < 0 ? "" : text.substring(0, sign);
      if (columns.contains(name)) {
        values.put(name, text.substring(sign + 1));
      } else if (columns.size() == 1 && told.size() == 1) {
        values.put(columns.get(0), text);
      } else {
        throw new SpecException(
            "'%s': %s is no key of %s; %s"
                .formatted(text, name, pipeline, Nearest.mend(name, columns, "key columns")));
      }
    }
    if (values.size() < columns.size()) {
      throw new SpecException(
          "the key of %s is %s; give each as column=value"
              .formatted(pipeline, String.join(", ", columns)));
    }
    return new EntityKey(values);
  }

  /** True of the rows of the entity. */
  Column is() {
    return values.entrySet().stream()
        .map(e -> Columns.named(e.getKey()).cast("string").equalTo(lit(e.getValue())))
        .reduce(Column::and)
        .orElseThrow();
  }

  @Override
  public String toString() {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(", "));
  }
}
