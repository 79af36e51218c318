package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Table;
import io.millrace.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * A branch's own log of a table of main. It begins at the version at which the branch left, as a
 * checkpoint of what main holds there, with main's files by absolute path and all counters. So
 * versions up to that one are main's and later ones the branch's, and a number means one thing.
 *
 * <p>Delta's shallow clone takes seconds, begins at 0 and leaves the counters out by which slices
 * are published.
 */
final class TableClone {

  private static final String MAKING = "_making/";

  private TableClone() {}

  /**
   * Makes the log where the table is one of main's and has none on the branch yet.
   *
   * @return whether the table is one of main's
   */
  static boolean ensure(Lake lake, String name) {
    if (lake.leftAt(name).isEmpty()) {
      return false;
    }
    if (!lake.isCloned(name)) {
      try {
        write(lake, lake.at(name, lake.leftAt(name).getAsLong()));
      } catch (IOException e) {
        throw new UnavailableException(
            name + ": can't be cloned for the branch: " + e.getMessage(), e);
      }
    }
    return true;
  }

  private static void write(Lake lake, PinnedTable table) throws IOException {
    List<ObjectNode> state = LogActions.state(lake, table);
    state.stream()
        .filter(action -> action.has("metaData"))
        .map(action -> (ObjectNode) action.get("metaData"))
        .forEach(metadata -> metadata.put("id", id(lake, table, metadata.path("id").asText())));
    Path log = new Path(lake.path(table.name()), "_delta_log");
    lake.files().mkdirs(log);
    checkpoint(lake, state, new Path(log, "%020d.checkpoint.parquet".formatted(table.version())));
    ObjectNode last = LogActions.JSON.createObjectNode();
    last.put("version", table.version()).put("size", state.size());
    LogActions.put(lake, new Path(log, "_last_checkpoint"), List.of(last), true);
    List<ObjectNode> commit = new ArrayList<>();
    commit.add(info(table));
    commit.addAll(state);
    // The commit makes it real. Of two processes one writes it; what both made before is equal.
    LogActions.write(lake, Lake.commit(lake.path(table.name()), table.version()), commit);
  }

  /** The same for whoever clones it, so that two at once write the same bytes. */
  private static String id(Lake lake, PinnedTable table, String ofMain) {
    String text = lake.path(table.name()) + " " + ofMain;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static ObjectNode info(PinnedTable table) {
    ObjectNode action = LogActions.info("CLONE");
    ((ObjectNode) action.at("/commitInfo/operationParameters"))
        .put("source", table.folder().toString());
    return action;
  }

  /** Written by Kernel as the checkpoint of a table of one commit; a checkpoint has no version. */
  private static void checkpoint(Lake lake, List<ObjectNode> state, Path target)
      throws IOException {
    Path draft = lake.path(MAKING + UUID.randomUUID());
    try {
      LogActions.put(lake, Lake.commit(draft, 0), state, false);
      Table.forPath(lake.engine(), draft.toString()).checkpoint(lake.engine(), 0);
      Path made = new Path(draft, "_delta_log/%020d.checkpoint.parquet".formatted(0));
      copy(lake, made, target);
    } finally {
      lake.files().delete(draft, true);
    }
  }

  /** A copy that is seen whole or not at all. */
  static void copy(Lake lake, Path from, Path to) throws IOException {
    boolean atOnce = ObjectStore.holds(to);
    Path draft = atOnce ? to : new Path(to.getParent(), "._" + UUID.randomUUID());
    lake.files().mkdirs(to.getParent());
    try (InputStream in = lake.files().open(from)) {
      WholeFile.write(lake.files().create(draft, true), in::transferTo);
    }
    if (!atOnce && !lake.files().rename(draft, to)) {
      lake.files().delete(draft, false);
      if (lake.status(to).isEmpty()) {
        throw new IOException(to + " can't be written");
      }
    }
  }
}
