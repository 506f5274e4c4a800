// Draws the API's own description into the page.
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true });
