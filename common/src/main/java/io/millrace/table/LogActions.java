package io.millrace.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.defaults.internal.logstore.LogStoreProvider;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.utils.CloseableIterator;
import io.millrace.UnavailableException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;

/**
 * Actions of a Delta log as JSON, for what neither engine can do: a log that begins with another
 * table's state, and the same commit in another table.
 */
final class LogActions {

  static final ObjectMapper JSON = new ObjectMapper();

  /** Where a deletion vector lies, in the protocol's letters. */
  private static final String BESIDE_TABLE = "u";

  private static final String BY_PATH = "p";

  private LogActions() {}

  /**
   * All that a version holds: protocol, metadata, counters, files by their absolute paths; in a
   * fixed order, so that equal versions give equal bytes.
   */
  static List<ObjectNode> state(Lake lake, PinnedTable table) {
    List<ObjectNode> actions = held(lake, table);
    actions.forEach(action -> absolute(action, table.folder()));
    actions.sort(
        java.util.Comparator.<ObjectNode>comparingInt(LogActions::rank)
            .thenComparing(ObjectNode::toString));
    return actions;
  }

  /** The same with paths as its log has them, in any order. */
  static List<ObjectNode> held(Lake lake, PinnedTable table) {
    List<ObjectNode> actions = new ArrayList<>();
    SnapshotImpl snapshot = (SnapshotImpl) table.snapshot();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        snapshot.getCreateCheckpointIterator(lake.engine())) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            ObjectNode action = (ObjectNode) JSON.readTree(JsonUtils.rowToJson(rows.next()));
            if (!action.has("remove")) {
              actions.add(action);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UnavailableException(table.name() + ": its log can't be read: " + said(e), e);
    }
    return actions;
  }

  /** Who commits what, the first action of a commit; callers add to it what is theirs to say. */
  static ObjectNode info(String operation) {
    ObjectNode action = JSON.createObjectNode();
    ObjectNode info = action.putObject("commitInfo");
    info.put("timestamp", Instant.now().toEpochMilli()).put("operation", operation);
    info.putObject("operationParameters");
    info.put("isBlindAppend", false);
    info.put("engineInfo", "Millrace").put("txnId", UUID.randomUUID().toString());
    return action;
  }

  /**
   * A file that goes.
   *
   * @param logPath as the action that added it has it
   */
  static ObjectNode removal(String logPath, boolean dataChange) {
    ObjectNode action = JSON.createObjectNode();
    ObjectNode file = action.putObject("remove").put("path", logPath);
    file.put("deletionTimestamp", Instant.now().toEpochMilli()).put("dataChange", dataChange);
    return action;
  }

  /** A counter's new value. */
  static ObjectNode counted(String applicationId, long value) {
    ObjectNode action = JSON.createObjectNode();
    action.putObject("txn").put("appId", applicationId).put("version", value);
    return action;
  }

  private static int rank(JsonNode action) {
    return action.has("protocol") ? 0 : action.has("metaData") ? 1 : action.has("txn") ? 2 : 3;
  }

  /** Gives the file of an action its absolute path, in the log's own escaping; its vector too. */
  static void absolute(ObjectNode action, Path folder) {
    named(action, path -> isAbsolute(path) ? path : prefix(folder) + path);
    for (String kind : List.of("add", "remove")) {
      JsonNode vector = action.path(kind).path("deletionVector");
      if (vector.path("storageType").asText().equals(BESIDE_TABLE)) {
        ((ObjectNode) vector)
            .put("pathOrInlineDv", vectorPath(vector, folder))
            .put("storageType", BY_PATH);
      }
    }
  }

  private static String vectorPath(JsonNode vector, Path folder) {
    DeletionVectorDescriptor told =
        new DeletionVectorDescriptor(
            BESIDE_TABLE,
            vector.path("pathOrInlineDv").asText(),
            Optional.empty(),
            vector.path("sizeInBytes").asInt(),
            vector.path("cardinality").asLong());
    return new Path(told.getAbsolutePath(folder.toString())).toUri().toString();
  }

  /** Gives the file of an action, where it lies below a folder, the same place below another. */
  static void moved(ObjectNode action, String from, String to) {
    named(action, path -> path.startsWith(from) ? to + path.substring(from.length()) : path);
  }

  private static void named(ObjectNode action, UnaryOperator<String> name) {
    for (String kind : List.of("add", "remove")) {
      if (action.path(kind).isObject()) {
        ObjectNode file = (ObjectNode) action.get(kind);
        file.put("path", name.apply(file.path("path").asText()));
      }
    }
  }

  private static boolean isAbsolute(String logPath) {
    return logPath.startsWith("/") || logPath.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*");
  }

  /** How the absolute path of a file in a folder begins in a log. */
  static String prefix(Path folder) {
    return folder.toUri() + "/";
  }

  /** The file of a path in a log. */
  static Path file(String logPath) {
    return new Path(URI.create(logPath));
  }

  /** The actions of one commit; empty where there is no such commit. */
  static Optional<List<ObjectNode>> read(Lake lake, Path commit) {
    List<ObjectNode> actions = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(lake.files().open(commit), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          actions.add((ObjectNode) JSON.readTree(line));
        }
      }
      return Optional.of(actions);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UnavailableException(commit + ": can't be read: " + said(e), e);
    }
  }

  /**
   * Writes a commit where there is none.
   *
   * @return false where somebody else's is there; true where it is written, now or before
   */
  static boolean write(Lake lake, Path commit, List<ObjectNode> actions) {
    try {
      put(lake, commit, actions, false);
      return true;
    } catch (FileAlreadyExistsException e) {
      // As text: a number that was read is of another class than one that was made.
      return read(lake, commit).filter(there -> texts(there).equals(texts(actions))).isPresent();
    } catch (IOException e) {
      throw new UnavailableException(commit + ": can't be written: " + said(e), e);
    }
  }

  static void put(Lake lake, Path file, List<ObjectNode> actions, boolean overwrite)
      throws IOException {
    lake.files().mkdirs(file.getParent());
    LogStoreProvider.getLogStore(lake.hadoop(), file.toUri().getScheme())
        .write(file, texts(actions).iterator(), overwrite, lake.hadoop());
  }

  private static List<String> texts(List<ObjectNode> actions) {
    return actions.stream().map(ObjectNode::toString).toList();
  }

  private static String said(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
