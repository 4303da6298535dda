;;; pe4king.el --- Pe4King for eglot  -*- lexical-binding: t -*-
(require 'eglot)

(dolist (mode '(python-mode python-ts-mode java-mode java-ts-mode yaml-mode yaml-ts-mode js-json-mode))
  (add-to-list 'eglot-server-programs `(,mode . ("pe4king" "serve" "--stdio"))))

(setq-default eglot-workspace-configuration
              '(:pe4king (:format "auto" :output "api-tests")))

(provide 'pe4king)
;;; pe4king.el ends here
