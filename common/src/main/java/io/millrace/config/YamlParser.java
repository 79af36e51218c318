package io.millrace.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML text to a {@link Tree}. Stops at SnakeYAML's node graph, which still holds each scalar as it
 * was written.
 */
final class YamlParser {

  private static final Resolver TAGS = new Resolver();

  private final String origin;
  private final Faults faults;
  private final Deque<Node> open = new ArrayDeque<>();

  private YamlParser(String origin, Faults faults) {
    this.origin = origin;
    this.faults = faults;
  }

  /**
   * Reads one YAML document.
   *
   * @param origin the file, or {@code --set}
   * @return the tree; empty, with a fault added, where the text isn't YAML or holds nothing
   */
  static Optional<Tree> parse(String text, String origin, Faults faults) {
    try {
      String body = withoutMark(text);
      LoaderOptions options = new LoaderOptions();
      Node node = new Composer(events(body, options), TAGS, options).getSingleNode();
      if (node == null) {
        faults.add(KeyPath.ROOT, "the file is empty; write a spec (docs/spec.md)");
        return Optional.empty();
      }
      return Optional.of(new YamlParser(origin, faults).tree(node, KeyPath.ROOT));
    } catch (MarkedYAMLException e) {
      faults.add(KeyPath.ROOT, syntax(e, text));
    } catch (YAMLException e) {
      faults.add(KeyPath.ROOT, "not YAML: " + firstLine(e.getMessage()) + "; mend the file");
    }
    return Optional.empty();
  }

  /**
   * The text behind a key of the document's top level, found without reading what follows it: a
   * folder of many specs is looked through by their names.
   *
   * @return empty also where the text up to there isn't YAML, or the key comes in by an alias
   */
  static Optional<Tree.Text> early(String text, String key, String origin) {
    try {
      Parser events = events(withoutMark(text), new LoaderOptions());
      while (events.checkEvent(Event.ID.StreamStart) || events.checkEvent(Event.ID.DocumentStart)) {
        events.getEvent();
      }
      boolean isMap = events.getEvent() instanceof MappingStartEvent;
      while (isMap && events.getEvent() instanceof ScalarEvent name) {
        Event value = events.getEvent();
        if (name.getValue().equals(key)) {
          return value instanceof ScalarEvent found
              ? Optional.of(text(found.getValue(), found.isPlain(), origin))
              : Optional.empty();
        }
        pass(value, events);
      }
    } catch (YAMLException e) {
      // Whoever reads the whole file says what is wrong with it.
    }
    return Optional.empty();
  }

  /** Reads on to the end of a value. */
  private static void pass(Event first, Parser events) {
    int open = 0;
    for (Event event = first; ; event = events.getEvent()) {
      if (event instanceof CollectionStartEvent) {
        open++;
      } else if (event instanceof CollectionEndEvent) {
        open--;
      }
      if (open == 0) {
        return;
      }
    }
  }

  private static Parser events(String text, LoaderOptions options) {
    return new ParserImpl(new StreamReader(text), options);
  }

  private static Tree.Text text(String written, boolean plain, String origin) {
    return new Tree.Text(written, written, plain, origin);
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String syntax(MarkedYAMLException e, String text) {
    Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
    String place =
        mark == null ? "" : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    String line = mark == null ? "" : text.lines().skip(mark.getLine()).findFirst().orElse("");
    return place + ": not YAML: " + firstLine(e.getProblem()) + "; " + mend(line);
  }

  private static String mend(String line) {
    if (line.contains("\t")) {
      return "indent with spaces, not tabs";
    }
    return line.contains("${")
        ? "put quotes around a value that holds ${…}"
        : "check the indentation, brackets and quotes up to there";
  }

  private static String firstLine(String message) {
    return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
  }

  private Tree tree(Node node, KeyPath path) {
    if (node instanceof ScalarNode scalar) {
      boolean plain = scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN;
      return text(scalar.getValue(), plain, origin);
    }
    if (open.contains(node)) {
      faults.add(path, "an alias (*) inside of what it names; write the value out");
      return new Tree.Fields(Map.of(), origin);
    }
    open.push(node);
    Tree tree =
        node instanceof SequenceNode list ? items(list, path) : fields((MappingNode) node, path);
    open.pop();
    return tree;
  }

  private Tree items(SequenceNode list, KeyPath path) {
    List<Tree> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      items.add(tree(item, path.then(items.size())));
    }
    return new Tree.Items(items, origin);
  }

  private Tree fields(MappingNode map, KeyPath path) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    List<Tree> merged = new ArrayList<>();
    for (NodeTuple entry : map.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        faults.add(path, "a key that is no text; " + mend("${"));
        continue;
      }
      if (key.getTag().equals(Tag.MERGE)) {
        merged.add(tree(entry.getValueNode(), path.then("<<")));
        continue;
      }
      KeyPath at = path.then(key.getValue());
      int line = key.getStartMark().getLine() + 1;
      Integer earlier = lines.putIfAbsent(key.getValue(), line);
      if (earlier != null) {
        faults.add(at, "written twice, in lines " + earlier + " and " + line + "; keep one");
      } else {
        fields.put(key.getValue(), tree(entry.getValueNode(), at));
      }
    }
    merged.forEach(other -> merge(other, fields, path));
    return new Tree.Fields(fields, origin);
  }

  /** YAML's merge key: what is written beside {@code <<} wins, and an earlier map over a later. */
  private void merge(Tree other, Map<String, Tree> fields, KeyPath path) {
    if (other instanceof Tree.Fields map) {
      map.fields().forEach(fields::putIfAbsent);
    } else if (other instanceof Tree.Items list) {
      list.items().forEach(map -> merge(map, fields, path));
    } else {
      faults.add(path.then("<<"), "expected a map to merge, found " + other.found());
    }
  }
}
