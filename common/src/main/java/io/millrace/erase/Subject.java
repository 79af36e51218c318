package io.millrace.erase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.SpecException;
import io.millrace.table.Columns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Who is to be erased: the values of the columns that tell a person. A row is of the person where
 * all these columns, as text, have these values.
 *
 * <p>A key of one column that no other text is likely to hold by chance ({@link #isDistinctive}) is
 * also looked for within texts: in quarantine, messages, pages, logs. What stands there must not be
 * a part of a longer word or number.
 */
public final class Subject implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<DataType> TYPES =
      Set.of(
          DataTypes.StringType,
          DataTypes.LongType,
          DataTypes.IntegerType,
          DataTypes.ShortType,
          DataTypes.ByteType,
          DataTypes.DateType);

  /** Letters and digits before or after make another word of it; so does a decimal point. */
  private static final String BEFORE = "(?:(?<![\\p{L}\\p{N}])|(?<=\\\\[bfnrt]))(?<!\\p{N}\\.)";

  private static final String AFTER = "(?![\\p{L}\\p{N}])(?!\\.\\p{N})";

  private final TreeMap<String, String> key;
  private final Pattern token;

  private Subject(Map<String, String> key) {
    this.key = new TreeMap<>(key);
    this.token =
        Pattern.compile(
            BEFORE
                + forms(this.key.firstEntry().getValue()).stream()
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|", "(?:", ")"))
                + AFTER);
  }

  /**
   * Reads what a person typed.
   *
   * @param pairs {@code COLUMN=VALUE}, one per column of the key
   * @throws SpecException where one isn't such a pair
   */
  public static Subject parse(List<String> pairs) {
    Map<String, String> key = new TreeMap<>();
    for (String pair : pairs) {
      int at = pair.indexOf('=');
      if (at < 1 || at == pair.length() - 1) {
        throw new SpecException(
            "--subject is not COLUMN=VALUE; write such as --subject customer_id=C1041");
      }
      if (key.put(pair.substring(0, at), pair.substring(at + 1)) != null) {
        throw new SpecException(
            "--subject gives "
                + pair.substring(0, at)
                + " twice; give each column of the key once, and erase one person at a time");
      }
    }
    return new Subject(key);
  }

  /** How a text file may write the value: as it is, within JSON once or twice, within HTML. */
  private static Set<String> forms(String value) {
    Set<String> forms = new LinkedHashSet<>(List.of(value));
    String once = escaped(value);
    forms.add(once);
    forms.add(escaped(once));
    forms.add(
        value
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&#34;")
            .replace("'", "&#39;"));
    return forms;
  }

  private static String escaped(String value) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(value));
  }

  /** Columns of the key, sorted. */
  public List<String> columns() {
    return List.copyOf(key.keySet());
  }

  TreeMap<String, String> key() {
    return key;
  }

  /** The person as tombstones know it: before it is hashed with the secret. */
  String canonical() {
    return key.entrySet().stream()
        .map(column -> column.getKey() + "=" + column.getValue())
        .collect(Collectors.joining("\0"));
  }

  /** {@link #canonical} of each row; null where a column is. */
  static Column canonical(List<String> columns) {
    List<Column> parts = new ArrayList<>();
    for (String column : columns) {
      String name = (parts.isEmpty() ? "" : "\0") + column + "=";
      parts.add(org.apache.spark.sql.functions.lit(name));
      parts.add(Columns.named(column).cast(DataTypes.StringType));
    }
    return org.apache.spark.sql.functions.concat(parts.toArray(Column[]::new));
  }

  /** Whether the value may be looked for in texts: long enough that chance doesn't write it. */
  public boolean isDistinctive() {
    String value = key.firstEntry().getValue();
    boolean letters = value.chars().anyMatch(Character::isLetter);
    return key.size() == 1 && value.length() >= (letters ? 4 : 9);
  }

  /** Whether a text speaks of the person: by the value, or as JSON with the key. */
  public boolean isIn(String text) {
    return text != null && (isDistinctive() && token.matcher(text).find() || isRow(text));
  }

  /** The text with {@code (erased)} where the value stood. */
  String redacted(String text) {
    return isDistinctive() && text != null ? token.matcher(text).replaceAll("(erased)") : text;
  }

  private boolean isRow(String text) {
    if (!text.startsWith("{") || !text.contains(key.firstEntry().getValue())) {
      return false;
    }
    try {
      JsonNode row = JSON.readTree(text);
      return key.entrySet().stream()
          .allMatch(column -> column.getValue().equals(row.path(column.getKey()).asText(null)));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** Whether a table has all columns of the key, so that its rows can be of the person. */
  public boolean isKeyOf(StructType schema) {
    return columns().stream().allMatch(name -> schema.getFieldIndex(name).isDefined());
  }

  /**
   * The rows of the person; empty where the table lacks a column of the key.
   *
   * @throws SpecException where a column of the key has a type whose text isn't one
   */
  public Optional<Column> rows(String table, StructType schema) {
    if (!isKeyOf(schema)) {
      return Optional.empty();
    }
    Column found = org.apache.spark.sql.functions.lit(true);
    for (Map.Entry<String, String> column : key.entrySet()) {
      DataType type = schema.apply(column.getKey()).dataType();
      if (!TYPES.contains(type)) {
        throw new SpecException(
            "%s: column %s is of type %s; only texts, whole numbers and days can tell a person"
                .formatted(table, column.getKey(), type.simpleString()));
      }
      Column text = Columns.named(column.getKey()).cast(DataTypes.StringType);
      found = found.and(text.eqNullSafe(column.getValue()));
    }
    return Optional.of(found);
  }

  /** The columns alone: the value must not come into a log by accident. */
  @Override
  public String toString() {
    return String.join(", ", columns());
  }
}
