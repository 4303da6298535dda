-- Pe4King for Neovim 0.11 and newer: lsp/pe4king.lua
return {
  cmd = { "pe4king", "serve", "--stdio" },
  filetypes = { "python", "java", "yaml", "json" },
  root_markers = { "pyproject.toml", "pom.xml", "build.gradle", ".git" },
  settings = { pe4king = { format = "auto", output = "api-tests" } },
}
