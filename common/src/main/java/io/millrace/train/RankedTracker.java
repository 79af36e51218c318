package io.millrace.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.RabitTracker;

/**
 * The meeting point of XGBoost's workers, with ranks in the order of their task ids. XGBoost4J's
 * own {@link RabitTracker} can only rank by host, so that with three workers or more the order of
 * sums, and with it the last digits of a model, would depend on where tasks ran. The native call
 * beneath it knows both orders, but its Java class isn't public.
 */
final class RankedTracker implements AutoCloseable {

  private static final String JNI = "ml.dmlc.xgboost4j.java.XGBoostJNI";
  private static final int BY_TASK = 1;
  private static final int ANY_PORT = 0;
  private static final long NO_TIMEOUT = 0;

  private final long handle;
  private final Map<String, Object> workerArguments;

  /**
   * Starts.
   *
   * @param host address of the driver that workers can reach
   */
  RankedTracker(int workers, String host) {
    long[] created = new long[1];
    call("TrackerCreate", host, workers, ANY_PORT, BY_TASK, NO_TIMEOUT, created);
    handle = created[0];
    Thread thread = new Thread(() -> call("TrackerRun", handle), "xgboost-tracker");
    thread.setDaemon(true);
    thread.start();
    String[] arguments = new String[1];
    call("TrackerWorkerArgs", handle, NO_TIMEOUT, arguments);
    try {
      workerArguments = new ObjectMapper().readValue(arguments[0], new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("XGBoost's tracker said " + arguments[0], e);
    }
  }

  /** What the worker of this task gives to {@code Communicator.init}. */
  static Map<String, Object> ofTask(Map<String, Object> workerArguments, int task) {
    Map<String, Object> arguments = new HashMap<>(workerArguments);
    arguments.put("DMLC_TASK_ID", String.format("%08d", task));
    return arguments;
  }

  Map<String, Object> workerArguments() {
    return new HashMap<>(workerArguments);
  }

  private static void call(String name, Object... arguments) {
    try {
      Class.forName(RabitTracker.class.getName());
      for (Method method : Class.forName(JNI).getDeclaredMethods()) {
        if (method.getName().equals(name)) {
          method.setAccessible(true);
          if ((int) method.invoke(null, arguments) != 0) {
            throw new IllegalStateException("XGBoost's " + name + " failed");
          }
          return;
        }
      }
      throw new IllegalStateException("XGBoost has no " + name);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("XGBoost's " + name + " can't be called", e);
    }
  }

  @Override
  public void close() {
    call("TrackerFree", handle);
  }
}
