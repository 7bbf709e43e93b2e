package io.queryablestate.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Charts for the reports. They need no display. */
final class Charts {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    private static final String FORMAT = "svg";
    /** Dashes would be most of the file. */
    private static final BasicStroke SOLID = new BasicStroke(0.5f);

    private Charts() {}

    /** An empty chart on which a factor is a length. */
    static XYChart logarithmic(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setXAxisTickLabelsFormattingFunction(Charts::number)
                .setYAxisTickLabelsFormattingFunction(Charts::number)
                .setPlotGridLinesStroke(SOLID);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        return chart;
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, number < 1 ? "%.2f" : "%,.0f", number);
    }

    /** Adds a line through what was measured; nothing if nothing was. */
    static void addLine(XYChart chart, String name, SortedMap<Integer, Double> points) {
        if (!points.isEmpty()) {
            chart.addSeries(
                    name,
                    points.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
                    points.values().stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** As SVG. */
    static void write(XYChart chart, Path file) throws IOException {
        ChartEncoder.saveChart(chart, file.toString(), FORMAT);
    }
}
