package dev.copyoffload.agent;

import dev.copyoffload.linux.Capability;
import org.jspecify.annotations.Nullable;

/**
 * The agent's arguments, {@code key=value,key=value}: system properties without their prefix.
 *
 * <p>A property that is given as such wins: it is nearer to the program than an environment
 * variable that names the agent.
 *
 * <p>Runs before the default file system is set up, and in every JVM that starts: so without
 * regular expressions, formats and lambdas.
 */
final class Arguments {
  private static final String PREFIX = "copyoffload.";
  private static final String ENABLED = "enabled";
  private static final String LOG = "log";
  private static final String DISABLE = "disable";
  private static final String CHANNELS = "channels";
  private static final String LOOPS = "loops";

  private Arguments() {}

  /**
   * Sets the properties that the arguments ask for.
   *
   * @return what is wrong with the arguments, or null
   */
  static @Nullable String apply(String arguments) {
    int start = 0;
    while (start < arguments.length()) {
      int end = endOf(arguments, start);
      int equals = arguments.indexOf('=', start);
      if (equals < 0 || equals > end) {
        return "argument \"" + arguments.substring(start, end) + "\" is not key=value";
      }
      String key = arguments.substring(start, equals);
      String value = arguments.substring(equals + 1, end);
      String property = PREFIX.concat(key);
      if (System.getProperty(property) == null) {
        System.setProperty(property, value);
      }
      String problem = problem(key, value);
      if (problem != null) {
        return problem;
      }
      start = end + 1;
    }
    return null;
  }

  /** Where an argument ends: a comma also stands within a list, before what is not key=value. */
  private static int endOf(String arguments, int start) {
    int end = arguments.indexOf(',', start);
    while (end >= 0) {
      int next = arguments.indexOf(',', end + 1);
      int equals = arguments.indexOf('=', end + 1);
      if (equals >= 0 && (next < 0 || equals < next)) {
        return end;
      }
      end = next;
    }
    return arguments.length();
  }

  private static @Nullable String problem(String key, String value) {
    return switch (key) {
      case ENABLED, LOG ->
          value.equals("true") || value.equals("false")
              ? null
              : "argument " + key + "=\"" + value + "\" is neither true nor false";
      // Its names are known to classes that are not there yet.
      case DISABLE -> null;
      case CHANNELS ->
          value.equals("auto") || value.equals("raw")
              ? null
              : "argument " + key + "=\"" + value + "\" is neither auto nor raw";
      case LOOPS ->
          value.equals("on") || value.equals("off")
              ? null
              : "argument " + key + "=\"" + value + "\" is neither on nor off";
      default ->
          "argument \""
              + key
              + "\" is none of "
              + String.join(", ", ENABLED, LOG, DISABLE, CHANNELS, LOOPS);
    };
  }

  /** What is wrong with the names of what is to be switched off, or null. */
  static @Nullable String problemOfNames(String names) {
    for (String name : names.split(",", -1)) {
      if (Capability.named(name) == null) {
        return "argument disable=\"" + name + "\" is none of " + labels();
      }
    }
    return null;
  }

  private static String labels() {
    StringBuilder labels = new StringBuilder();
    for (Capability capability : Capability.values()) {
      labels.append(labels.length() == 0 ? "" : ", ").append(capability.label());
    }
    return labels.toString();
  }
}
