output "dashboard_urls" {
  description = "Path of each dashboard, by name."
  value       = { for name, dashboard in datadog_dashboard_json.this : name => dashboard.url }
}

output "monitor_ids" {
  description = "Id of each monitor, by the name of its alert."
  value       = { for name, monitor in datadog_monitor_json.this : name => monitor.id }
}

output "pipeline_id" {
  description = "Id of the log pipeline; null without logs."
  value       = one(datadog_logs_custom_pipeline.this[*].id)
}
