// @ts-check

export const USAGE = `onlyonce-verify [options] <log file or glob, or - for standard input> ...

Proves from the logs of all replicas, and from the store where it may ask it, that each accepted message took effect
exactly once per group. Exit code: 0 proved, 1 violations or something unproven, 2 unusable arguments.

Logs
  <files>               JSON lines as the services write them; .gz too; with the prefixes of docker compose and kubectl
  -                     standard input: docker compose logs | onlyonce-verify -
  --datadog <query>     Datadog Logs Search (v2); DD_API_KEY, DD_APP_KEY, DD_SITE; with --from and --to (now-1h, now)

What was sent
  --accepted <file>     ids, or JSON lines { orderId, items?: [{ id, quantity }], accepted?: true | false | "unknown" }
  --start-stock <file>  JSON: { "<item>": units } or [{ id, available }]; with --end-stock the same afterwards
  --faults <file>       JSON lines { at, kind, target?, until?, losesData? }: waiting counts from the end of a fault

Ask the store
  --order-url <url>     GET /orders/{id} for what the logs leave open, and for the first --ask (2000) orders
  --inventory-url <url> GET /stock and GET /inbox
  --redis-url <url>     stock, order records and backlog, with --namespace (shop)

Rules
  --max-wait <time>     longest wait from acceptance to effect (60s)
  --group <name>        a group that must settle everything; repeatable (else: those that are in the logs)
  --channel <name>      where orders go (order_updates)
  --still-running       what has waited less than --max-wait when the logs end is under way, not lost
  --strict-lines        no log shipper in between: the same line twice is a second effect
  --no-dead             a dead letter is a violation

  --out <folder>        where certificate.json and report.html go (.)
  --quiet, --version, --help
`;
