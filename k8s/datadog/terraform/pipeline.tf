# The provider takes a pipeline as blocks only; each kind of processor that generated/logs/pipeline.json has is
# written out here once. A kind that is missing here would be left out without a word: a test compares.
locals {
  pipeline = jsondecode(file("${local.generated}/logs/pipeline.json"))
}

resource "datadog_logs_custom_pipeline" "this" {
  count = var.logs ? 1 : 0

  name        = local.pipeline.name
  description = local.pipeline.description
  tags        = local.pipeline.tags
  is_enabled  = local.pipeline.is_enabled

  filter {
    query = local.pipeline.filter.query
  }

  dynamic "processor" {
    for_each = local.pipeline.processors
    content {
      dynamic "date_remapper" {
        for_each = processor.value.type == "date-remapper" ? [processor.value] : []
        content {
          name       = date_remapper.value.name
          is_enabled = date_remapper.value.is_enabled
          sources    = date_remapper.value.sources
        }
      }

      dynamic "status_remapper" {
        for_each = processor.value.type == "status-remapper" ? [processor.value] : []
        content {
          name       = status_remapper.value.name
          is_enabled = status_remapper.value.is_enabled
          sources    = status_remapper.value.sources
        }
      }

      dynamic "service_remapper" {
        for_each = processor.value.type == "service-remapper" ? [processor.value] : []
        content {
          name       = service_remapper.value.name
          is_enabled = service_remapper.value.is_enabled
          sources    = service_remapper.value.sources
        }
      }

      dynamic "message_remapper" {
        for_each = processor.value.type == "message-remapper" ? [processor.value] : []
        content {
          name       = message_remapper.value.name
          is_enabled = message_remapper.value.is_enabled
          sources    = message_remapper.value.sources
        }
      }

      dynamic "trace_id_remapper" {
        for_each = processor.value.type == "trace-id-remapper" ? [processor.value] : []
        content {
          name       = trace_id_remapper.value.name
          is_enabled = trace_id_remapper.value.is_enabled
          sources    = trace_id_remapper.value.sources
        }
      }

      dynamic "span_id_remapper" {
        for_each = processor.value.type == "span-id-remapper" ? [processor.value] : []
        content {
          name       = span_id_remapper.value.name
          is_enabled = span_id_remapper.value.is_enabled
          sources    = span_id_remapper.value.sources
        }
      }

      dynamic "attribute_remapper" {
        for_each = processor.value.type == "attribute-remapper" ? [processor.value] : []
        content {
          name                 = attribute_remapper.value.name
          is_enabled           = attribute_remapper.value.is_enabled
          sources              = attribute_remapper.value.sources
          source_type          = attribute_remapper.value.source_type
          target               = attribute_remapper.value.target
          target_type          = attribute_remapper.value.target_type
          preserve_source      = attribute_remapper.value.preserve_source
          override_on_conflict = attribute_remapper.value.override_on_conflict
        }
      }

      dynamic "pipeline" {
        for_each = processor.value.type == "pipeline" ? [processor.value] : []
        content {
          name       = pipeline.value.name
          is_enabled = pipeline.value.is_enabled

          filter {
            query = pipeline.value.filter.query
          }

          dynamic "processor" {
            for_each = pipeline.value.processors
            iterator = inner
            content {
              dynamic "string_builder_processor" {
                for_each = inner.value.type == "string-builder-processor" ? [inner.value] : []
                content {
                  name               = string_builder_processor.value.name
                  is_enabled         = string_builder_processor.value.is_enabled
                  template           = string_builder_processor.value.template
                  target             = string_builder_processor.value.target
                  is_replace_missing = string_builder_processor.value.is_replace_missing
                }
              }
            }
          }
        }
      }
    }
  }
}
