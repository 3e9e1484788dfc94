variable "notify" {
  description = "Whom monitors tell, such as \"@slack-orders @pagerduty\". Empty: nobody."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(@\\S+( @\\S+)*)?$", var.notify))
    error_message = "notify must be handles that begin with @, with one space between."
  }
}

variable "runbook_url" {
  description = "Address of docs/runbook.md as people can open it. Empty: the path alone stands in the messages."
  type        = string
  default     = ""

  validation {
    condition     = var.runbook_url == "" || can(regex("^https?://", var.runbook_url))
    error_message = "runbook_url must be an address."
  }
}

variable "monitors" {
  description = "Names of the monitors to have (generated/monitors). null: all of them."
  type        = set(string)
  default     = null
}

variable "logs" {
  description = "Whether to have the log pipeline and the log-based metrics. The dashboards need the pipeline."
  type        = bool
  default     = true
}
