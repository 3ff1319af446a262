import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** The real SDKs, with what they export kept here. */
export function telemetry() {
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
  const meters = new MeterProvider({ readers: [reader] });
  return {
    tracers,
    meters,
    config: { tracer: tracers.getTracer('spec'), meter: meters.getMeter('spec') },
    spans: () => spans.getFinishedSpans(),
    /** Each histogram's points: what they are about, how many there were, their sum and the buckets' bounds. */
    figures: async () => {
      await reader.forceFlush();
      const all =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      await reader.shutdown();
      return all.flatMap(({ descriptor, dataPointType, dataPoints }) => {
        if (dataPointType !== DataPointType.HISTOGRAM) throw new Error('a figure that is no histogram');
        return dataPoints.map(({ attributes, value }) => ({
          name: descriptor.name,
          unit: descriptor.unit,
          attributes,
          count: value.count,
          sum: value.sum,
          bounds: value.buckets.boundaries,
        }));
      });
    },
  };
}
