package io.queryablestate.flink;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How many objects of this project's classes are alive, by class. Those of the shaded libraries are left out, since Netty
 * keeps buffers for later use; that none is lost says its leak detector.
 */
final class LiveObjects {

    private static final Pattern LINE = Pattern.compile(
            "^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(io\\.queryablestate\\.(?!flink\\.shaded\\.)[\\w.$]+)(?= |$)",
            Pattern.MULTILINE);

    private LiveObjects() {}

    /** Collects garbage first. */
    static Map<String, Long> count() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> counts = new TreeMap<>();
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            counts.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
        }
        return counts;
    }
}
