// Runs the requests of Postman collections under newman, one a test, when it is told to.
// node newman_child.cjs; stdin: {"job": {...}}, then {"go": ...}; stdout: hello, tests, ready, ran, bye.
// Every line is a secret, a space and JSON; the first one tells the secret.
const fs = require("fs");
const readline = require("readline");

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let secret = "";
const say = (said) => fs.writeSync(1, `${secret} ${JSON.stringify(said)}\n`);

async function heard() {
  const { value: line } = await lines.next();
  const end = line.indexOf(" ");
  secret = secret || line.slice(0, end);
  return JSON.parse(line.slice(end + 1));
}

// What a request under test throws itself; all else that goes wrong in its script is no assertion.
const ASSERTED = new Set(["AssertionError", "JSONError"]);

// Every request with the collection that holds nothing else: variables, logins and scripts of the
// folders around it stay.
function* requests(node, name, around) {
  for (const child of node.item || []) {
    const alone = (inner) => around({ ...node, item: [inner] });
    const known = name ? `${name}/${child.name}` : child.name;
    if (child.item) yield* requests(child, known, alone);
    else yield { name: known, collection: alone(child) };
  }
}

function collected(files) {
  const found = new Map();
  for (const file of files) {
    const collection = JSON.parse(fs.readFileSync(file, "utf8"));
    for (const each of requests(collection, "", (whole) => whole)) {
      let id = `${file}::${each.name}`;
      while (found.has(id)) id += "'";
      found.set(id, { ...each, id, file });
    }
  }
  return found;
}

function outcome(error, summary) {
  if (error) return ["crashed", String(error.message || error)];
  const failures = summary.run.failures.map((each) => each.error);
  if (!failures.length) return ["passed", ""];
  const asserted = failures.find((each) => ASSERTED.has(each.name));
  const first = asserted || failures[0];
  return [asserted ? "failed" : "crashed", `${first.test || first.name}: ${first.message}`];
}

function ran(newman, test, job) {
  const values = Object.entries(job.values).map(([key, value]) => ({ key, value, enabled: true }));
  const options = {
    collection: test.collection,
    environment: { name: "proof", values },
    reporters: [],
    timeoutRequest: job.seconds * 1000,
  };
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(["timeout", ""]), job.seconds * 1000);
    newman.run(options, (error, summary) => {
      clearTimeout(late);
      resolve(outcome(error, summary));
    });
  });
}

async function main() {
  const { job } = await heard();
  const newman = require(`${job.modules}/newman`);
  const { version } = require(`${job.modules}/newman/package.json`);
  say({ hello: `newman ${version}, Node ${process.versions.node}` });
  const found = collected(job.files);
  const tests = [...found.values()].map(({ id, file, name }) => ({ id, file, name, row: "" }));
  say({ tests, problems: [] });
  const done = new Set(job.done);
  for (const test of found.values()) {
    if (done.has(test.id)) continue;
    for (;;) {
      say({ ready: test.id });
      if (!(await heard()).go) break;
      const start = process.hrtime.bigint();
      const [ended, message] = await ran(newman, test, job);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      say({ ran: test.id, ended, message, seconds });
      if (ended === "timeout") return say({ restart: true });
    }
  }
  say({ bye: true });
}

main().then(() => process.exit(0));
