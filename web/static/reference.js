// Shows the API's OpenAPI document on the page.
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true });
