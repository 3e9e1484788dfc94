# The same files that `make datadog` writes and `make datadog-apply` sends: there is one source.
locals {
  generated = "${path.module}/../generated"
  runbook   = "docs/runbook.md"

  dashboards = { for file in fileset(local.generated, "dashboards/*.json") :
    trimsuffix(basename(file), ".json") => file("${local.generated}/${file}")
  }

  monitors = { for file in fileset(local.generated, "monitors/*.json") :
    trimsuffix(basename(file), ".json") => jsondecode(file("${local.generated}/${file}"))
  }

  log_metrics = { for file in fileset(local.generated, "logs/metrics/*.json") :
    trimsuffix(basename(file), ".json") => jsondecode(file("${local.generated}/${file}")).data.attributes
  }
}

resource "datadog_dashboard_json" "this" {
  for_each = local.dashboards

  dashboard = var.runbook_url == "" ? each.value : replace(each.value, local.runbook, var.runbook_url)
}

resource "datadog_monitor_json" "this" {
  for_each = { for name, monitor in local.monitors : name => monitor
    if var.monitors == null ? true : contains(var.monitors, name)
  }

  monitor = jsonencode(merge(each.value, {
    message = join("\n\n", compact([
      var.runbook_url == "" ? each.value.message : replace(each.value.message, local.runbook, var.runbook_url),
      var.notify,
    ]))
  }))

  # Effects are computed by the pipeline.
  depends_on = [datadog_logs_custom_pipeline.this]
}

resource "datadog_logs_metric" "this" {
  for_each = var.logs ? local.log_metrics : {}

  name = each.key

  compute {
    aggregation_type    = each.value.compute.aggregation_type
    path                = try(each.value.compute.path, null)
    include_percentiles = try(each.value.compute.include_percentiles, null)
  }

  filter {
    query = each.value.filter.query
  }

  dynamic "group_by" {
    for_each = each.value.group_by
    content {
      path     = group_by.value.path
      tag_name = group_by.value.tag_name
    }
  }

  depends_on = [datadog_logs_custom_pipeline.this]
}
