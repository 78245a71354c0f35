// Rates pages by the rules of Mozilla's HTTP Observatory: node observatory.mjs PACKAGE PORT COOKIE PATH…
// PACKAGE is the folder of @mdn/mdn-http-observatory. Prints a JSON object for each page.
const [folder, port, cookie, ...paths] = process.argv.slice(2);
const { retrieve } = await import(`${folder}/src/retriever/retriever.js`);
const { ALL_TESTS } = await import(`${folder}/src/constants.js`);
const { getScoreModifier } = await import(`${folder}/src/grader/grader.js`);

for (const path of paths) {
  const headers = ["Accept: text/html", ...(cookie ? [`Cookie: ${cookie}`] : [])];
  // Port 9 answers nobody: there is no plain HTTP to be led away from.
  const found = await retrieve("localhost", { httpsPort: port, httpPort: "9", path, headers });
  const status = found.responses.auto?.status;
  const told = Object.fromEntries(
    ALL_TESTS.map((test) => test(found)).map((one) => [one.constructor.name, one.result]),
  );
  const score = Object.values(told).reduce((sum, one) => sum + getScoreModifier(one), 100);
  console.log(JSON.stringify({ path, status, score, told }));
}
