// Starts the bundled Swagger page; apart from the page, so that its policy can forbid scripts inside it.
"use strict";
const place = document.getElementById("description");
SwaggerUIBundle({ url: place.dataset.source, domNode: place, deepLinking: true, presets: [SwaggerUIBundle.presets.apis] });
