package io.millrace.erase;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.SpecException;
import io.millrace.table.Forgetting;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
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
  private static final Set<DataType> TYPES =
      Set.of(
          DataTypes.StringType,
          DataTypes.LongType,
          DataTypes.IntegerType,
          DataTypes.ShortType,
          DataTypes.ByteType,
          DataTypes.DoubleType,
          DataTypes.DateType,
          DataTypes.TimestampType);

  /** Letters and digits before or after make another word of it. */
  private static final String BEFORE = "(?:(?<![\\p{L}\\p{N}])|(?<=\\\\[bfnrt]))";

  private static final String AFTER = "(?![\\p{L}\\p{N}])";

  /** Of digits alone a decimal point makes another number. */
  private static final String NO_DECIMALS_BEFORE = "(?<!\\p{N}\\.)";

  private static final String NO_DECIMALS_AFTER = "(?!\\.\\p{N})";

  private final TreeMap<String, String> key;
  private final Pattern token;
  private final Set<String> forms;

  private Subject(Map<String, String> key) {
    this.key = new TreeMap<>(key);
    this.token = token(this.key.firstEntry().getValue());
    this.forms = forms(this.key.firstEntry().getValue());
  }

  /** How texts may write the first column's value, as it is first. */
  Set<String> forms() {
    return forms;
  }

  private static Pattern token(String value) {
    boolean digits = value.chars().allMatch(Character::isDigit);
    String any =
        forms(value).stream().map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")"));
    return Pattern.compile(
        digits
            ? BEFORE + NO_DECIMALS_BEFORE + any + AFTER + NO_DECIMALS_AFTER
            : BEFORE + any + AFTER);
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

  /**
   * How a text file may write the value: as it is, as JSON writes its type, within JSON once or
   * twice, within HTML.
   */
  private static Set<String> forms(String value) {
    Set<String> forms = new LinkedHashSet<>(KeyTexts.written(value));
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

  /** Whether a text that people write names the person, however likely chance wrote it. */
  public boolean isNamedIn(String text) {
    return isRow(text)
        || key.values().stream().anyMatch(value -> token(value).matcher(text).find());
  }

  /** The text with {@code (erased)} where the value stood. */
  String redacted(String text) {
    return isDistinctive() && text != null
        ? token.matcher(text).replaceAll(Forgetting.ERASED)
        : text;
  }

  /** The same but for a text that is the value and nothing else: it may be a key by itself. */
  String redactedWithin(String text) {
    return text == null || token.matcher(text).matches() ? text : redacted(text);
  }

  private boolean isRow(String text) {
    if (!text.startsWith("{") || forms.stream().noneMatch(text::contains)) {
      return false; // most texts
    }
    Map<String, String> cells = KeyTexts.cells(text);
    return key.entrySet().stream()
        .allMatch(column -> is(column.getValue(), cells.get(column.getKey())));
  }

  private static boolean is(String value, String cell) {
    return cell != null && (cell.equals(value) || KeyTexts.plain(cell).equals(value));
  }

  /**
   * Whether measures kept in base64 hold the value. They keep texts as bytes after their length,
   * which tells the value from a longer one.
   */
  public boolean isInSketch(String base64) {
    if (!isDistinctive() || base64 == null) {
      return false;
    }
    byte[] state;
    try {
      state = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return false;
    }
    byte[] value = key.firstEntry().getValue().getBytes(StandardCharsets.UTF_8);
    for (int at = indexOf(state, value, 0); at >= 0; at = indexOf(state, value, at + 1)) {
      boolean whole = at > 0 && state[at - 1] == value.length;
      boolean left = at == 0 || !isWord(state[at - 1]);
      boolean right = at + value.length == state.length || !isWord(state[at + value.length]);
      if (whole || left && right || value.length > Byte.MAX_VALUE) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWord(byte b) {
    return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
  }

  static int indexOf(byte[] text, byte[] sought, int from) {
    for (int at = from; at <= text.length - sought.length; at++) {
      if (text[at] == sought[0]
          && Arrays.equals(text, at, at + sought.length, sought, 0, sought.length)) {
        return at;
      }
    }
    return -1;
  }

  /** Whether a table has all columns of the key, so that its rows can be of the person. */
  public boolean isKeyOf(StructType schema) {
    return columns().stream().allMatch(name -> schema.getFieldIndex(name).isDefined());
  }

  /**
   * Fails where no table can hold the value as it was typed, so that nothing would be found and the
   * tombstone would keep nobody out.
   *
   * @param schemas of the tables that have all columns of the key
   * @throws SpecException with the text to write, where there is one
   */
  public void requireWritten(Collection<StructType> schemas) {
    for (Map.Entry<String, String> column : key.entrySet()) {
      Set<DataType> types = new HashSet<>();
      schemas.forEach(schema -> types.add(schema.apply(column.getKey()).dataType()));
      boolean possible =
          types.isEmpty() || types.stream().anyMatch(type -> KeyTexts.is(column.getValue(), type));
      if (!possible) {
        String plain = KeyTexts.plain(column.getValue());
        boolean number = !plain.equals(column.getValue());
        throw new SpecException(
            "--subject: no value of column %s is written like that; %s"
                .formatted(
                    column.getKey(),
                    number
                        ? "write " + column.getKey() + "=" + plain
                        : "its type is "
                            + types.stream()
                                .map(DataType::simpleString)
                                .sorted()
                                .collect(Collectors.joining(" or "))));
      }
    }
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
    Column found = functions.lit(true);
    for (Map.Entry<String, String> column : key.entrySet()) {
      DataType type = schema.apply(column.getKey()).dataType();
      if (!TYPES.contains(type)) {
        throw new SpecException(
            "%s: column %s is of type %s; only texts, whole numbers and days can tell a person; if it means something else there, say --except %s"
                .formatted(table, column.getKey(), type.simpleString(), table));
      }
      found = found.and(KeyTexts.text(column.getKey(), type).eqNullSafe(column.getValue()));
    }
    return Optional.of(found);
  }

  /** The columns alone: the value must not come into a log by accident. */
  @Override
  public String toString() {
    return String.join(", ", columns());
  }
}
