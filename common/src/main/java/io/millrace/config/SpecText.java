package io.millrace.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * A spec as it may be printed, stored with a model or shown in a report: YAML after overrides and
 * variables, in which values that came from the environment read {@code ***}.
 */
public final class SpecText {

  private final StringBuilder out = new StringBuilder();

  private SpecText() {}

  /**
   * The masked text of a pipeline's file.
   *
   * @throws io.millrace.SpecException where the file isn't YAML or a variable has no value
   */
  public static String masked(Path file, Variables variables, Map<String, String> overrides) {
    Faults faults = new Faults(file.toString());
    Tree tree = SpecReader.resolved(file, variables, overrides, faults);
    faults.stop();
    SpecText text = new SpecText();
    text.block(tree, 0);
    return text.out.toString();
  }

  private void block(Tree tree, int indent) {
    if (tree instanceof Tree.Fields map) {
      map.fields().forEach((key, value) -> entry(quoteKey(key) + ":", value, indent));
    } else if (tree instanceof Tree.Items list) {
      list.items().forEach(item -> entry("-", item, indent));
    } else {
      out.append(scalar((Tree.Text) tree)).append('\n');
    }
  }

  private void entry(String head, Tree value, int indent) {
    out.append("  ".repeat(indent)).append(head);
    if (value instanceof Tree.Text text) {
      out.append(' ').append(scalar(text)).append('\n');
    } else if (value instanceof Tree.Fields map && map.fields().isEmpty()) {
      out.append(" {}\n");
    } else if (value instanceof Tree.Items list && list.items().isEmpty()) {
      out.append(" []\n");
    } else {
      out.append('\n');
      block(value, indent + 1);
    }
  }

  private static String scalar(Tree.Text text) {
    boolean asWritten = text.plain() && text.value().indexOf('\n') < 0 && !isOverride(text);
    return asWritten ? text.shown() : CanonicalJson.quote(text.shown());
  }

  /** A text of the command line was never YAML and might not be. */
  private static boolean isOverride(Tree.Text text) {
    return text.origin().equals(Overrides.ORIGIN) && !text.value().matches("[A-Za-z0-9_.+-]+");
  }

  private static String quoteKey(String key) {
    return key.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*") ? key : CanonicalJson.quote(key);
  }
}
