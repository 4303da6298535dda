// Drives the generator of the earlier Pe4King (TypeScript), bundled from a checkout.
// node pe4king_ts.cjs BUNDLE DOCUMENT.json FRAMEWORK OUTPUT; prints seconds and peak memory as JSON.
const fs = require("fs");
const path = require("path");

const [bundle, source, framework, output] = process.argv.slice(2);
const { Pe4KingGenerator } = require(bundle);
const data = JSON.parse(fs.readFileSync(source, "utf8"));

const before = process.cpuUsage();
const start = process.hrtime.bigint();
const result = new Pe4KingGenerator().generate(data, {
  framework,
  generateNegativeTests: true,
  generateEdgeCases: true,
});
for (const file of result.files) {
  const target = path.join(output, file.filename);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, file.content);
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const used = process.cpuUsage(before);
const cpu = (used.user + used.system) / 1e6;
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ seconds, cpu, peak, errors: result.errors || [] }));
