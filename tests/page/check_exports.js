// Reads exports as their own tools do and says what is wrong, as JSON: Terraform by the parser of HashiCorp, manifests by the schemas of
// Kubernetes.
//   node check_exports.js < jobs.json        jobs: [{"name", "terraform": text} or {"name", "objects": [manifest, ...]}]
"use strict";
const fs = require("fs");
const path = require("path");
const modules = process.env.PAGE_MODULES;
const { parse } = require(path.join(modules, "@cdktf/hcl2json"));

const groups = { "apps/v1": "apps/v1", "batch/v1": "batch/v1", "autoscaling/v2": "autoscaling/v2", v1: "v1" };

/* The models are ES modules, which the node of Debian 12 takes by import only. */
async function model(object) {
  const folder = groups[object.apiVersion];
  if (!folder || !/^[A-Za-z]+$/.test(object.kind)) throw new Error(`no schema of ${object.apiVersion} ${object.kind}`);
  return (await import(path.join(modules, "kubernetes-models", folder, object.kind + ".js")))[object.kind];
}

async function faults(job) {
  try {
    if (job.terraform !== undefined) return { resources: Object.keys((await parse(job.name, job.terraform)).resource || {}) };
    for (const object of job.objects) new (await model(object))(object).validate();
    return { objects: job.objects.length };
  } catch (error) {
    return { fault: String(error.message || error).slice(0, 500) };
  }
}

(async () => {
  const jobs = JSON.parse(fs.readFileSync(0, "utf8"));
  const results = [];
  for (const job of jobs) results.push(await faults(job));
  process.stdout.write(JSON.stringify(results));
  process.exit(0);
})();
