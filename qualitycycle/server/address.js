// Says where the program answers. Else Streamlit first asks at the page's own address, twice, where nothing is.
"use strict";
window.__streamlit = { BACKEND_BASE_URL: new URL(".", document.baseURI).href };
