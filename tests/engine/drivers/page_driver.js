// SPDX-License-Identifier: GPL-2.0-or-later
// Handlebars (without its guards of prototypes) or Nunjucks itself: a template in hex a line, "v HEX" or "e HEX" a line.
// usage: page_driver.js handlebars|nunjucks FOLDER-OF-THE-LIBRARY
const [engine, folder] = process.argv.slice(2);
const library = require(folder);
const open = { constructor: true };
const render = engine === 'nunjucks' ? text => library.renderString(text, {}) : text => library.compile(text)({}, {
  allowProtoPropertiesByDefault: true, allowProtoMethodsByDefault: true, allowedProtoMethods: open, allowedProtoProperties: open });

for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter(l => l)) {
  try {
    console.log('v ' + Buffer.from(render(Buffer.from(line, 'hex').toString())).toString('hex'));
  } catch (e) {
    console.log('e ' + Buffer.from(String(e)).toString('hex'));
  }
}
