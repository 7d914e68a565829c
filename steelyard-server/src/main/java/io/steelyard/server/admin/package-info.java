/**
 * What the process tells about itself: metrics, health, status and an overview, over HTTP on the
 * admin address.
 *
 * <pre>
 *   StatusSource ─┐                ┌─ MetricsPage    /metrics
 *   Stats ────────┼─ AdminServer ──┼─ StatusReporter /v1/status, /
 *   ReadySource ──┘                └─ AdminPages     /livez /readyz /openapi.yaml
 * </pre>
 */
@NullMarked
package io.steelyard.server.admin;

import org.jspecify.annotations.NullMarked;
